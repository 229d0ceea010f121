import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigurationError, type Env, type EnvVar, readEnv } from '@slack-mcp/core';
import { SLACK_API_URL } from '../slack-client.ts';

/** The variables of the command, besides those of the backend. */
export const CONSUMER_ENV: readonly EnvVar[] = [
  {
    name: 'SLACK_BOT_TOKEN',
    description: 'Bot token that handlers call Slack with. Without it their calls are refused.',
    example: 'xoxb-your-token',
    secret: true,
  },
  {
    name: 'SLACK_USER_TOKEN',
    description: 'User token, used where there is no bot token.',
    example: 'xoxp-your-token',
    secret: true,
  },
  {
    name: 'SLACK_API_URL',
    description: 'Base of the Web API: `https`, or `http` on a loopback address.',
    example: SLACK_API_URL,
    default: SLACK_API_URL,
  },
  {
    name: 'LOG_LEVEL',
    description: '`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`.',
    example: 'debug',
    default: 'info',
  },
];

/** What the command runs with. */
export interface Settings {
  /** All variables, for the backend. */
  readonly env: Env;
  readonly token: string | undefined;
  readonly apiUrl: string;
  readonly logLevel: string;
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const TOKEN = /^(xoxe\.)?xox[bp]-[A-Za-z0-9-]+$/;

/**
 * Reads the environment, with the variables of the working directory's `.env` behind it and the flags before it.
 *
 * @throws ConfigurationError - names the variable or flag, never prints a secret
 */
export function readSettings(flags: { logLevel?: string }): Settings {
  const env = { ...readEnvFile(), ...process.env };
  const reader = readEnv(CONSUMER_ENV, env);
  const [bot, user] = ['SLACK_BOT_TOKEN', 'SLACK_USER_TOKEN'].map((name) => {
    const token = reader.string(name);
    if (token === undefined || TOKEN.test(token)) return token;
    throw reader.error(name, 'is not a Slack token that begins with xoxb-, xoxp- or xoxe.');
  });
  const flag: EnvVar = { name: '--log-level', description: '', example: 'debug' };
  const flagLevel = readEnv([flag], { [flag.name]: flags.logLevel }).oneOf(flag.name, LEVELS);
  const level = reader.oneOf('LOG_LEVEL', LEVELS, { default: 'info' });
  return {
    env,
    token: bot ?? user,
    apiUrl: reader.url('SLACK_API_URL', { default: SLACK_API_URL, protocols: ['https:', 'http:'] }),
    logLevel: flagLevel ?? level,
  };
}

function readEnvFile(): Env {
  try {
    return parseEnv(readFileSync('.env', 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw new ConfigurationError(`cannot read .env: ${code} (for example SLACK_BOT_TOKEN=xoxb-your-token)`);
  }
}
