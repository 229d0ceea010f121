import { readFileSync, realpathSync, statSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError } from '../contract/errors.ts';
import { isJsonObject } from '../contract/json.ts';
import type { Worker } from '../contract/worker.ts';
import { readManifest } from './read-manifest.ts';

/** A worker file that was imported. `Context`: what its function receives. */
export interface LoadedWorkerModule<Context> {
  /**
   * Starts the worker.
   *
   * @throws ConfigurationError - what its function returns is not a worker; else what that throws
   */
  start(context: Context): Promise<Worker>;
  /** All that the file exports. */
  readonly exports: Readonly<Record<string, unknown>>;
}

/** Options of {@link loadWorkerModule}. */
export interface LoadWorkerOptions {
  /** What the file was given by; errors begin with it, as in `--worker worker.mts: …`. Default `worker`. */
  readonly flag?: string;
  /** Milliseconds that the file may take to be loaded, its imports and top-level awaits included. Default 10000. */
  readonly timeoutMs?: number;
}

/**
 * Imports a worker file, JavaScript or TypeScript as it is.
 *
 * @throws ConfigurationError - names the file, what is wrong with it, and where Node is to be helped, how
 */
export async function loadWorkerModule<Context>(
  file: string,
  options: LoadWorkerOptions = {},
): Promise<LoadedWorkerModule<Context>> {
  const { flag = 'worker', timeoutMs = 10_000 } = options;
  const problem = (text: string, cause?: unknown): ConfigurationError =>
    new ConfigurationError(`${flag} ${file}: ${text}`.replace(/\s*\n\s*/g, ' '), cause === undefined ? {} : { cause });

  const path = resolve(file);
  const wrong = file.trim() === '' ? 'is not the name of a file' : problemOf(path);
  if (wrong !== undefined) throw problem(wrong);
  let exports: Record<string, unknown>;
  try {
    exports = await importWithin(timeoutMs, path);
  } catch (error) {
    throw problem(`cannot be loaded: ${reasonOf(error)}`, error);
  }
  const main = defaultOf(exports);
  if (typeof main !== 'function') {
    const found = main === undefined ? 'there is none' : `it is a ${typeof main}`;
    throw problem(`its default export must be a function (context) => worker, and ${found}`);
  }
  return {
    exports,
    start: async (context) => {
      const worker: unknown = await main(context);
      if (typeof (worker as Worker | undefined)?.close === 'function') return worker as Worker;
      throw problem('its function must return a worker, an object with close(): a consumer, for example');
    },
  };
}

/** The timer also keeps the process alive, which would else end without a word where an await never does. */
async function importWithin(timeoutMs: number, path: string): Promise<Record<string, unknown>> {
  const late = Promise.withResolvers<never>();
  const reason = `it takes longer than ${timeoutMs} ms (a top-level await that never ends?)`;
  const timer = setTimeout(() => late.reject(new Error(reason)), timeoutMs);
  try {
    return await Promise.race([import(pathToFileURL(path).href) as Promise<Record<string, unknown>>, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function problemOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 'there is no such file';
  if (stats.isDirectory()) return 'is a folder: name the file in it';
  return isMistakenForCommonJs(path)
    ? `is an ES module, and its package.json says "type": "commonjs": rename it to ${asModule(path)}, or set "type": "module" there`
    : undefined;
}

/**
 * Whether Node will refuse a module for what the package around it says. Seen beforehand, because Node does not only
 * throw then, but also prints.
 */
function isMistakenForCommonJs(path: string): boolean {
  if (!/\.[jt]s$/.test(path)) return false;
  const manifest = findPackageJSON(pathToFileURL(realpathSync(path)));
  if (manifest === undefined || readManifest(dirname(manifest))?.content['type'] !== 'commonjs') return false;
  const code = readFileSync(path, 'utf8').replace(/\/\*.*?\*\/|`(\\.|[^`\\])*`/gs, '');
  return /^(import|export)\b(?!\s*[(.=])/m.test(code);
}

function asModule(path: string): string {
  return basename(path).replace(/([jt]s)$/, 'm$1');
}

/** CommonJS that was compiled from a module keeps its default export one level deeper. */
function defaultOf(exports: Record<string, unknown>): unknown {
  const main = exports['default'];
  return isJsonObject(main) && 'default' in main ? main['default'] : main;
}

/** The message; for what does not parse with the place, which Node puts before the stack alone. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = error.name === 'SyntaxError' ? /^(?:file:\/\/)?(\S.*:\d+)\n/.exec(error.stack ?? '')?.[1] : undefined;
  return place === undefined ? error.message : `${error.message} (${place})`;
}
