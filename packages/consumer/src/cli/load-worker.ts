import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError, type Worker, type WorkerContext } from '@slack-mcp/core';

/**
 * Imports a worker file, JavaScript or TypeScript as it is.
 *
 * @throws ConfigurationError - names the file and what is wrong with it
 */
export async function loadWorker(file: string): Promise<(context: WorkerContext) => Promise<Worker>> {
  const problem = (text: string, cause?: unknown): ConfigurationError =>
    new ConfigurationError(`--handlers ${file}: ${text}`, { cause });

  const path = resolve(file);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw problem('there is no such file');
  let start: unknown;
  try {
    ({ default: start } = (await import(pathToFileURL(path).href)) as { default?: unknown });
  } catch (error) {
    throw problem(`cannot be loaded: ${error instanceof Error ? error.message : String(error)}`, error);
  }
  if (typeof start !== 'function') {
    const found = start === undefined ? 'has no default export' : `has a default export that is a ${typeof start}`;
    throw problem(`${found}; it must be a function (context) => worker, for example one that returns a consumer`);
  }
  return async (context) => {
    const worker: unknown = await start(context);
    if (typeof (worker as Worker | undefined)?.close === 'function') return worker as Worker;
    throw problem('its function returned no worker: an object with close(), for example a consumer');
  };
}
