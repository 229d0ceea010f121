import { existsSync } from 'node:fs';
import type { DiscoveryOptions, Env } from '@slack-mcp/core';
import { processEnv, readEnvFile } from './env.ts';

/** The parts of a command line that determine where settings may come from. */
export interface Start {
  /** The file that `--dotenv` names. */
  readonly dotenv?: string | undefined;
  /** The value of `--transport`. */
  readonly transport?: string | undefined;
  /** Whether the command serves stdio by default. */
  readonly defaultsToStdio: boolean;
}

/** The sources of a command's settings, after its flags. */
export interface Sources {
  /** The environment, extended with the variables of a file if one may be read. */
  readonly env: Env;
  /** Where plugins are looked up. */
  readonly plugins: DiscoveryOptions;
  /**
   * Who controls the working directory. `operator`: the operator chose the directory when starting the command.
   * `anyone`: an AI client started the command in the open folder, whose content may come from a third party.
   */
  readonly folder: 'operator' | 'anyone';
  /** A file in the working directory that is ignored. */
  readonly ignored?: '.env';
}

const DOTENV = '.env';

/**
 * Only this function decides who may configure a server. An operator starts servers over HTTP, so the working directory
 * counts: its `.env`, and the plugins that its `package.json` depends on. Over stdio, the working directory is ignored:
 * only flags, the environment and the file that `--dotenv` names count.
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

/** Ignores the folder's own `.env`: otherwise, that file could permit its own use. */
function isStdio({ transport, defaultsToStdio }: Start, env: Env): boolean {
  if (!defaultsToStdio) return false;
  const wanted = (transport ?? env['MCP_TRANSPORT'] ?? '').trim().toLowerCase();
  return !HTTP.has(wanted);
}

/** The values of `--transport` and `MCP_TRANSPORT` that mean HTTP. */
export const HTTP_TRANSPORTS = ['streamable-http', 'sse', 'both', 'http'] as const;

const HTTP: ReadonlySet<string> = new Set(HTTP_TRANSPORTS);
