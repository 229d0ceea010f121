import { existsSync } from 'node:fs';
import type { DiscoveryOptions, Env } from '@slack-mcp/core';
import { processEnv, readEnvFile } from './env.ts';

/** What a command was started with, as far as it decides where settings may come from. */
export interface Start {
  /** The file that `--dotenv` names. */
  readonly dotenv?: string | undefined;
  /** The value of `--transport`. */
  readonly transport?: string | undefined;
  /** Whether the command serves stdio unless it is told otherwise. */
  readonly defaultsToStdio: boolean;
}

/** Where the settings of a command may come from, behind its flags. */
export interface Sources {
  /** The environment, with the variables of a file behind it where one may be read. */
  readonly env: Env;
  /** Where plugins are looked up. */
  readonly plugins: DiscoveryOptions;
  /**
   * Whose the working directory is. `operator`: who started the command chose it. `anyone`: an AI client started it in
   * the folder that is open, which may come from somebody else.
   */
  readonly folder: 'operator' | 'anyone';
  /** A file in the working directory that has no say. */
  readonly ignored?: '.env';
}

const DOTENV = '.env';

/**
 * The one place that decides who may configure a server. Servers over HTTP are started by their operator: the working
 * directory has its say, by `.env` and by the plugins that its `package.json` depends on. Over stdio it has none: only
 * flags, the environment and a file that `--dotenv` names.
 *
 * @throws ConfigurationError - a file cannot be read
 */
export function openSources(start: Start): Sources {
  const own = processEnv();
  const named = start.dotenv === undefined ? {} : readEnvFile(start.dotenv);
  if (isStdio(start, { ...named, ...own })) {
    const ignored = start.dotenv === undefined && existsSync(DOTENV);
    return {
      env: { ...named, ...own },
      plugins: { from: import.meta.url },
      folder: 'anyone',
      ...(ignored ? { ignored: DOTENV } : {}),
    };
  }
  const found = start.dotenv === undefined && existsSync(DOTENV) ? readEnvFile(DOTENV) : named;
  return { env: { ...found, ...own }, plugins: { appRoot: '.', from: import.meta.url }, folder: 'operator' };
}

/** The folder's own file is not asked: it would decide that it may be read. */
function isStdio({ transport, defaultsToStdio }: Start, env: Env): boolean {
  if (!defaultsToStdio) return false;
  const wanted = (transport ?? env['MCP_TRANSPORT'] ?? '').trim().toLowerCase();
  return !HTTP.has(wanted);
}

/** What `--transport` and `MCP_TRANSPORT` take for HTTP. */
export const HTTP_TRANSPORTS = ['streamable-http', 'sse', 'both', 'http'] as const;

const HTTP: ReadonlySet<string> = new Set(HTTP_TRANSPORTS);
