import { existsSync } from 'node:fs';
import type { DiscoveryOptions, Env } from '@slack-mcp/core';
import { processEnv, readEnvFile } from './env.ts';

/** The command-line options that determine where settings may come from. */
export interface Start {
  /** The file that `--dotenv` names. */
  readonly dotenv?: string | undefined;
  /** The value of `--transport`. */
  readonly transport?: string | undefined;
  /** Whether the command serves stdio by default. */
  readonly defaultsToStdio: boolean;
}

/** The sources of the settings that a command's flags do not set. */
export interface Sources {
  /**
   * The environment of the process, extended with the variables of the `.env` file if the command may read that file.
   */
  readonly env: Env;
  /** Where the command looks for plugins. */
  readonly plugins: DiscoveryOptions;
  /**
   * Who controls the working directory. With `operator`, the operator chose the directory when starting the command.
   * With `anyone`, an AI client started the command in the open folder, whose content may come from a third party.
   */
  readonly folder: 'operator' | 'anyone';
  /** The file whose variables are in `env`, unless the environment of the process overrides them. */
  readonly file?: { readonly name: string; readonly env: Env };
  /** The `.env` file in the working directory, if the file exists and is ignored. */
  readonly ignored?: '.env';
}

const DOTENV = '.env';

/**
 * Decides from where a server may read its settings. A server over HTTP is started by its operator, so it uses the
 * `.env` of the working directory and the plugins in the dependencies of the working directory's `package.json`. A
 * server over stdio ignores the working directory: it uses only flags, the environment and the file that `--dotenv`
 * names.
 *
 * @throws ConfigurationError - a file cannot be read
 */
export function openSources(start: Start): Sources {
  const own = processEnv();
  const named = start.dotenv === undefined ? undefined : { name: start.dotenv, env: readEnvFile(start.dotenv) };
  if (isStdio(start, { ...named?.env, ...own })) {
    const ignored = start.dotenv === undefined && existsSync(DOTENV);
    return {
      env: { ...named?.env, ...own },
      ...(named && { file: named }),
      plugins: { from: import.meta.url },
      folder: 'anyone',
      ...(ignored ? { ignored: DOTENV } : {}),
    };
  }
  const file = named ?? (existsSync(DOTENV) ? { name: DOTENV, env: readEnvFile(DOTENV) } : undefined);
  return {
    env: { ...file?.env, ...own },
    ...(file && { file }),
    plugins: { appRoot: '.', from: import.meta.url },
    folder: 'operator',
  };
}

/**
 * Whether the command serves stdio. Ignores the `.env` file of the working directory. Otherwise, that file could
 * select HTTP, and a server over HTTP reads all settings in the file.
 */
function isStdio({ transport, defaultsToStdio }: Start, env: Env): boolean {
  if (!defaultsToStdio) return false;
  const wanted = (transport ?? env['MCP_TRANSPORT'] ?? '').trim().toLowerCase();
  return !HTTP.has(wanted);
}

/** The values of `--transport` and `MCP_TRANSPORT` that select HTTP. */
export const HTTP_TRANSPORTS = ['streamable-http', 'sse', 'both', 'http'] as const;

const HTTP: ReadonlySet<string> = new Set(HTTP_TRANSPORTS);
