import { type EnvVar, redactSecrets, redactUrl } from '@slack-mcp/core';
import { processEnv } from './env.ts';
import { secretsIn } from './secrets.ts';
import type { ServerVar } from './server-var.ts';
import type { Flags, SettingsReader } from './settings-reader.ts';

/** A setting with its value and where the value comes from. */
export interface EffectiveSetting {
  /** The environment variable, or the flag of a setting without a variable. */
  readonly name: string;
  /** The value that is in effect, without secrets; null if no value is set. */
  readonly value: string | null;
  /** A flag such as `--port`, `environment`, the name of a file, `default` or `not set`. */
  readonly origin: string;
  readonly secret: boolean;
}

/** The text that replaces the value of a secret. */
const MASK = '********';

/** The names of variables that hold the token or the id of one workspace, for example `SLACK_BOT_TOKEN_ACME`. */
const OF_WORKSPACE = /^SLACK_(BOT_TOKEN|USER_TOKEN|TEAM_ID)_[A-Z0-9_]+$/;

/**
 * Lists the settings with their values and origins. Flags override the environment, the environment overrides the file,
 * and the file overrides the defaults.
 *
 * @param variables - the settings to list
 * @param flags - the flags of the command line
 */
export function effectiveSettings(
  variables: readonly (ServerVar | EnvVar)[],
  flags: Flags,
  { env: { source }, sources: { file } }: Pick<SettingsReader, 'env' | 'sources'>,
): EffectiveSetting[] {
  const own = processEnv();
  const redact = redactSecrets(secretsIn(source));
  const ofWorkspaces: readonly EnvVar[] = Object.keys(source)
    .filter((name) => OF_WORKSPACE.test(name))
    .sort()
    .map((name) => ({ name, description: '', example: '', secret: name.includes('TOKEN') }));

  return [...variables, ...ofWorkspaces].map((variable) => {
    const { name, secret = false, default: fallback } = variable;
    const { value, origin } = found(variable);
    if (value === undefined) return { name, value: fallback ?? null, origin: fallback ? 'default' : 'not set', secret };
    return { name, value: secret ? MASK : redact(withoutCredentials(value)), origin, secret };
  });

  function found(variable: ServerVar | EnvVar): { value?: string; origin: string } {
    const flag = 'flag' in variable ? variable.flag : undefined;
    const given = flag === undefined ? undefined : flags[flag];
    if (flag !== undefined && given !== undefined) return { value: given, origin: flag };
    const { name } = variable;
    const ofProcess = own[name]?.trim();
    if (ofProcess) return { value: ofProcess, origin: 'environment' };
    // An empty variable of the process overrides the file.
    const ofFile = name in own ? undefined : file?.env[name]?.trim();
    return ofFile && file ? { value: ofFile, origin: file.name } : { origin: 'default' };
  }
}

/** Returns a value without the credentials of URLs. */
function withoutCredentials(value: string): string {
  if (!value.includes('://')) return value;
  return value
    .split(',')
    .map((part) => (part.includes('://') ? redactUrl(part.trim()) : part))
    .join(',');
}
