import { type ConfigurationError, type Env, type EnvReader, type JsonObject, readEnv } from '@slack-mcp/core';
import type { ServerVar } from './server-var.ts';
import type { Sources } from './sources.ts';
import { ENV_VARS, FLAG_VARS } from './variables.ts';

/** Values given on the command line, by flag: `{ '--port': '3000' }`. */
export type Flags = Readonly<Record<string, string | undefined>>;

/** Reads settings from flags and environment: the flag wins, and errors name what was given. */
export interface SettingsReader {
  readonly env: EnvReader;
  /** Where the settings come from. */
  readonly sources: Omit<Sources, 'env'>;
  /** The name under which `variable` is to be read: its flag where that was given. */
  name(variable: string): string;
  error(variable: string, problem: string): ConfigurationError;
  /** Where what is read later reports what is wrong. Default: nowhere. */
  onProblem?: ((event: string, fields: JsonObject) => void) | undefined;
}

/**
 * Lays the flags over the environment.
 *
 * @param sources - where the environment comes from; default: what an operator started with his folder behind it
 * @throws ConfigurationError - a flag is empty, or has white space around its value: an empty flag is no unset one
 */
export function createSettingsReader(
  env: Env,
  flags: Flags = {},
  sources: Omit<Sources, 'env'> = { plugins: {}, folder: 'operator' },
): SettingsReader {
  const variables = [...ENV_VARS, ...FLAG_VARS];
  const byName = new Map(variables.map((variable) => [variable.name, variable]));
  const given: ServerVar[] = variables.flatMap((variable) =>
    variable.flag !== undefined && flags[variable.flag] !== undefined && variable.flag !== variable.name
      ? [{ ...variable, name: variable.flag }]
      : [],
  );
  const reader = readEnv([...variables, ...given], { ...env, ...flags });

  for (const [flag, value] of Object.entries(flags)) {
    if (value === undefined || (value !== '' && value.trim() === value)) continue;
    throw reader.error(flag, value.trim() === '' ? 'is empty' : 'begins or ends with a space');
  }

  function name(variable: string): string {
    const flag = byName.get(variable)?.flag;
    return flag !== undefined && flags[flag] !== undefined ? flag : variable;
  }

  return { env: reader, sources, name, error: (variable, problem) => reader.error(name(variable), problem) };
}
