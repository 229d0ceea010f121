import { parseEnv } from 'node:util';
import { ConfigurationError, type Env, type EnvReader, type EnvVar, readEnv, readRegularFile } from '@slack-mcp/core';
import { METRICS_KEY, OPS_ENV, type OpsSettings, readMetricsKeys, readOpsSettings } from '@slack-mcp/core/ops';
import { isPlaceholder, PROXY_VARS, readSlackSettings, SLACK_API_URL, type SlackSettings } from '@slack-mcp/slack';

/** The environment variables of the command, in addition to the backend's variables. */
export const CONSUMER_ENV: readonly EnvVar[] = [
  {
    name: 'SLACK_BOT_TOKEN',
    description: 'Bot token that handlers use to call Slack; without a token, their calls fail.',
    example: 'xoxb-your-token',
    secret: true,
  },
  {
    name: 'SLACK_USER_TOKEN',
    description:
      'User token for searches, for calls that select it with `as` and, if there is no bot token, for all calls.',
    example: 'xoxp-your-token',
    secret: true,
  },
  {
    name: 'SLACK_TEAM_ID',
    description:
      'ID of the workspace that handlers act in if an event names no workspace. Required if the token belongs to an Enterprise organization, because Slack otherwise lists no channels. With `SLACK_WORKSPACES`, set `SLACK_TEAM_ID_ACME` for the workspace `acme` instead.',
    example: 'T0123456789',
  },
  {
    name: 'SLACK_WORKSPACES',
    description:
      'Names of several workspaces, separated by commas; set this variable instead of `SLACK_BOT_TOKEN` and `SLACK_USER_TOKEN`. The tokens of `acme` are then `SLACK_BOT_TOKEN_ACME` and `SLACK_USER_TOKEN_ACME`, and handlers act in the workspace of their event.',
    example: 'acme,beta',
  },
  {
    name: 'SLACK_API_URL',
    description: 'Base URL of the Web API, with `https`, or with `http` on a loopback address.',
    example: SLACK_API_URL,
    default: SLACK_API_URL,
  },
  ...PROXY_VARS,
  {
    name: 'LOG_LEVEL',
    description: 'Minimum level of log entries: one of `trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`.',
    example: 'debug',
    default: 'info',
  },
  {
    name: 'LOG_FORMAT',
    description: 'Format of the log on standard error, `json` or `text`.',
    example: 'text',
    default: 'json',
  },
  {
    name: 'HEALTH_PORT',
    description:
      'Port of `/healthz`, `/readyz`, `/health` and `/metrics`. 0: any free port. By default, the worker opens no port.',
    example: '9090',
  },
  {
    name: 'HEALTH_HOST',
    description:
      'Address of `HEALTH_PORT`. On an address other than loopback, `/metrics` needs a key in `SLACK_MCP_METRICS_KEY`. The other endpoints need no authorization, so restrict access at the network level.',
    example: '0.0.0.0',
    default: '127.0.0.1',
  },
  METRICS_KEY,
  {
    name: 'SHUTDOWN_TIMEOUT_MS',
    description:
      'Maximum time in milliseconds to finish work in flight after SIGTERM or SIGINT; with 0, the command ends at once.',
    example: '25000',
    default: '10000',
  },
  ...OPS_ENV,
];

/** The flags that override the environment. */
export interface LogFlags {
  readonly logLevel?: string;
  readonly logFormat?: string;
}

/** The flags for the health endpoints of a worker. */
export interface HealthFlags {
  readonly healthPort?: string;
  readonly healthHost?: string;
}

/** The flags for the operations API of a worker. */
export interface OpsFlags {
  readonly opsPort?: string;
  readonly opsHost?: string;
}

/** How to serve the health and the metrics of a worker. */
export interface HealthSettings {
  readonly host: string;
  readonly port: number;
  /** The keys that may read the metrics. */
  readonly metricsKeys: readonly string[];
}

/** The settings of the command. */
export interface Settings {
  /** All variables, passed to the backend. */
  readonly env: Env;
  readonly slack: SlackSettings;
  readonly logLevel: string;
  readonly logFormat: 'json' | 'text';
  /** Maximum time in milliseconds to finish work in flight when the worker stops. */
  readonly shutdownTimeoutMs: number;
  /** The address at which to serve health and metrics; undefined if they are not served. */
  readonly health: HealthSettings | undefined;
  /** How to serve the operations API; undefined if it is not served. */
  readonly ops: WorkerOpsSettings | undefined;
  /** Values that must never appear in the log. */
  readonly secrets: readonly string[];
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const FORMATS = ['json', 'text'] as const;

/**
 * Reads flags and environment variables. A flag overrides an environment variable, which overrides the `.env` file in
 * the working directory.
 *
 * @param defaultLevel - the log level if neither a flag nor a variable sets it; `warn` for commands that print results
 * @throws ConfigurationError - a flag or variable is invalid, or `.env` cannot be read; the message shows no secret
 */
export function readSettings(
  flags: LogFlags & HealthFlags & OpsFlags,
  defaultLevel: 'info' | 'warn' = 'info',
): Settings {
  const env = { ...readEnvFile(), ...process.env };
  const reader = readEnv(CONSUMER_ENV, env);
  const level = reader.oneOf('LOG_LEVEL', LEVELS) ?? defaultLevel;
  const format = reader.oneOf('LOG_FORMAT', FORMATS, { default: 'json' });
  return {
    env,
    slack: readSlackSettings({ env: reader, error: reader.error }),
    logLevel: readFlag('--log-level', flags.logLevel, LEVELS) ?? level,
    logFormat: readFlag('--log-format', flags.logFormat, FORMATS) ?? format,
    health: readHealth(reader, flags),
    ops: readOps(env, flags),
    shutdownTimeoutMs: reader.integer('SHUTDOWN_TIMEOUT_MS', { default: 10_000, max: 3_600_000 }),
    secrets: secretsIn(env),
  };
}

function readHealth(env: EnvReader, { healthPort, healthHost }: HealthFlags): Settings['health'] {
  const ofEnv = env.integer('HEALTH_PORT', { max: 65_535 });
  const ofFlag = readEnv([{ name: '--health-port', description: '', example: '9090' }], {
    '--health-port': healthPort,
  }).integer('--health-port', { max: 65_535 });
  const port = ofFlag ?? ofEnv;
  const host = healthHost ?? env.string('HEALTH_HOST', { default: '127.0.0.1' });
  return port === undefined ? undefined : { host, port, metricsKeys: readMetricsKeys(env, isPlaceholder) };
}

/** The operations API of a worker always has its own address. */
export type WorkerOpsSettings = OpsSettings & Required<Pick<OpsSettings, 'listen'>>;

function readOps(env: Env, flags: OpsFlags): WorkerOpsSettings | undefined {
  const given: Env = { SLACK_MCP_OPS_PORT: flags.opsPort, SLACK_MCP_OPS_HOST: flags.opsHost };
  const flagOf = (variable: string): string =>
    given[variable] === undefined ? variable : variable.replace('SLACK_MCP_OPS_', '--ops-').toLowerCase();
  const variables = OPS_ENV.map((variable) => ({ ...variable, name: flagOf(variable.name) }));
  const named = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[flagOf(name), value]]));
  const reader = readEnv(variables, { ...env, ...Object.fromEntries(named) });
  const settings = readOpsSettings(reader, { isPlaceholder, nameOf: flagOf });
  // Without a port, the key is for a server that shares the environment.
  return settings?.listen && { ...settings, listen: settings.listen };
}

/** Matches the names of variables that hold secrets of Slack or of a backend. */
const SECRET = /_(PASSWORD|SECRET|TOKEN)(_|$)|^SLACK_MCP_(OPS|METRICS)_KEY$/;

function secretsIn(env: Env): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    SECRET.test(name) && value
      ? value.split(',').map((text) => text.trim().replace(/^[\w.-]+:(read|operate)=/, ''))
      : [],
  );
}

/** Returns all readable values that an error must not show. */
export function knownSecrets(): string[] {
  try {
    return secretsIn({ ...readEnvFile(), ...process.env });
  } catch {
    return secretsIn(process.env);
  }
}

function readFlag<const T extends string>(name: string, value: string | undefined, values: readonly T[]) {
  const flag: EnvVar = { name, description: '', example: values[1] ?? '' };
  return readEnv([flag], { [name]: value }).oneOf(name, values);
}

function readEnvFile(): Env {
  try {
    return parseEnv(readRegularFile('.env').text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw new ConfigurationError(
      `cannot read .env: ${code}; it must be a readable regular file of at most 1 MiB with lines such as SLACK_BOT_TOKEN=xoxb-your-token`,
    );
  }
}
