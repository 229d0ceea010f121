import {
  type ConfigurationError,
  type Env,
  type EnvReader,
  type JsonObject,
  nearestName,
  readEnv,
} from '@slack-mcp/core';
import type { ServerVar } from './server-var.ts';
import type { Sources } from './sources.ts';
import { ENV_VARS, FLAG_VARS } from './variables.ts';

/** Values from the command line, by flag, for example `{ '--port': '3000' }`. */
export type Flags = Readonly<Record<string, string | undefined>>;

/**
 * Reads settings from flags and the environment. Flags take precedence, and errors name the flag or variable that was
 * set.
 */
export interface SettingsReader {
  readonly env: EnvReader;
  /** The sources of the settings. */
  readonly sources: Omit<Sources, 'env'>;
  /**
   * Returns the name under which to read a setting: its flag if the flag was given, otherwise its environment variable.
   */
  name(variable: string): string;
  error(variable: string, problem: string): ConfigurationError;
  /** Names of variables that begin with `SLACK_MCP_` and mean nothing to the server. */
  readonly unknown: readonly string[];
  /**
   * Called if the server reads a setting again and the new value is invalid. By default, such problems are not
   * reported.
   */
  onProblem?: ((event: string, fields: JsonObject) => void) | undefined;
}

/**
 * Combines the flags with the environment.
 *
 * @param sources - where the settings come from; by default, the operator controls the working directory
 * @throws ConfigurationError - a flag has an empty value or white space around its value, or the name of a variable is
 * misspelt
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

  const strangers = strangersIn(env);
  const misspelt = strangers.find(({ meant }) => meant !== undefined);
  if (misspelt?.meant !== undefined) throw reader.error(misspelt.meant, `is misspelt as ${misspelt.given}`);

  function name(variable: string): string {
    const flag = byName.get(variable)?.flag;
    return flag !== undefined && flags[flag] !== undefined ? flag : variable;
  }

  const unknown = strangers.map(({ given: variable }) => variable);
  return { env: reader, sources, unknown, name, error: (variable, problem) => reader.error(name(variable), problem) };
}

const PREFIX = 'SLACK_MCP_';

/**
 * Finds the `SLACK_MCP_` variables that the server does not know, with the name that was probably meant. For example, if
 * the server ignored the variable `SLACK_MCP_READONLY`, tools could write.
 */
function strangersIn(env: Env): { readonly given: string; readonly meant: string | undefined }[] {
  const known = ENV_VARS.map((variable) => variable.name).filter((variable) => variable.startsWith(PREFIX));
  return Object.entries(env).flatMap(([given, value]) => {
    const upper = given.toUpperCase();
    if (!upper.startsWith(PREFIX) || known.includes(given) || !value?.trim()) return [];
    return [{ given, meant: known.includes(upper) ? upper : nearestName(upper, known) }];
  });
}
