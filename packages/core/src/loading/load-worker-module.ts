import { readFileSync, realpathSync, statSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError } from '../contract/errors.ts';
import { isJsonObject } from '../contract/json.ts';
import type { Worker } from '../contract/worker.ts';
import { readManifest } from './read-manifest.ts';

/** An imported worker file. `Context` is the type of the argument of the function that the file exports. */
export interface LoadedWorkerModule<Context> {
  /**
   * Starts the worker.
   *
   * @throws ConfigurationError - the file's function does not return a worker; other errors of the function are passed
   *   on unchanged
   */
  start(context: Context): Promise<Worker>;
  /** All exports of the file. */
  readonly exports: Readonly<Record<string, unknown>>;
}

/** Options of {@link loadWorkerModule}. */
export interface LoadWorkerOptions {
  /**
   * The command-line option that names the file. Error messages begin with the name of the option, for example
   * `--worker worker.mts: …`. Default `worker`.
   */
  readonly flag?: string;
  /** Maximum time in milliseconds to load the file, including its imports and top-level awaits. Default 10000. */
  readonly timeoutMs?: number;
}

/**
 * Imports a worker file. A TypeScript file needs no build step.
 *
 * @throws ConfigurationError - the file cannot be loaded, or its default export is not a function; the message names
 *   the file, the problem and, if Node needs a different setup, the fix
 */
export async function loadWorkerModule<Context>(
  file: string,
  options: LoadWorkerOptions = {},
): Promise<LoadedWorkerModule<Context>> {
  const { flag = 'worker', timeoutMs = 10_000 } = options;
  const problem = (text: string, cause?: unknown): ConfigurationError =>
    new ConfigurationError(`${flag} ${file}: ${text}`.replace(/\s*\n\s*/g, ' '), cause === undefined ? {} : { cause });

  const path = resolve(file);
  const wrong = file.trim() === '' ? 'is not a file name' : problemOf(path);
  if (wrong !== undefined) throw problem(wrong);
  let exports: Record<string, unknown>;
  try {
    exports = await importWithin(timeoutMs, path);
  } catch (error) {
    throw problem(`cannot be loaded: ${reasonOf(error)}`, error);
  }
  const main = defaultOf(exports);
  if (typeof main !== 'function') {
    const found = main === undefined ? 'the file has no default export' : `it is of type ${typeof main}`;
    throw problem(`its default export must be a function (context) => worker, but ${found}`);
  }
  return {
    exports,
    start: async (context) => {
      const worker: unknown = await main(context);
      if (typeof (worker as Worker | undefined)?.close === 'function') return worker as Worker;
      throw problem('its function must return a worker: an object with close(), for example a consumer');
    },
  };
}

/**
 * Imports a file within a time limit. The timer keeps the process alive: without it, a top-level `await` that never
 * settles would end the process silently.
 */
async function importWithin(timeoutMs: number, path: string): Promise<Record<string, unknown>> {
  const late = Promise.withResolvers<never>();
  const reason = `loading takes longer than ${timeoutMs} ms (check for a top-level await that never settles)`;
  const timer = setTimeout(() => late.reject(new Error(reason)), timeoutMs);
  try {
    return await Promise.race([import(pathToFileURL(path).href) as Promise<Record<string, unknown>>, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function problemOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 'does not exist';
  if (stats.isDirectory()) return 'is a folder: use the path of a file';
  return isMistakenForCommonJs(path)
    ? `is an ES module, but its package.json has "type": "commonjs": rename it to ${asModule(path)}, or set "type": "module" there`
    : undefined;
}

/**
 * Whether Node would treat an ES module as CommonJS because of its `package.json`. The loader detects such a module
 * before the import, because Node would both print a warning and throw an error.
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

/** Returns the default export, which is one level deeper in a module compiled to CommonJS. */
function defaultOf(exports: Record<string, unknown>): unknown {
  const main = exports['default'];
  return isJsonObject(main) && 'default' in main ? main['default'] : main;
}

/**
 * Returns the message of an error. For a syntax error, the message includes the location, which Node adds only to the
 * stack.
 */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = error.name === 'SyntaxError' ? /^(?:file:\/\/)?(\S.*:\d+)\n/.exec(error.stack ?? '')?.[1] : undefined;
  return place === undefined ? error.message : `${error.message} (${place})`;
}
