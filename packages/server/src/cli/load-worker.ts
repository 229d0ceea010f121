import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Worker, WorkerModule } from '@slack-mcp/core';
import type { Responders } from '../ingress/responders.ts';
import { CommandFailure } from './command-failure.ts';

/** What a worker file holds. */
export interface LoadedWorker {
  readonly worker: WorkerModule;
  /** Its export `respond`, if it has one. */
  readonly responders?: Responders;
}

const RESPONDERS: readonly string[] = ['onViewSubmission', 'onOptions', 'onCommand'] satisfies (keyof Responders)[];

/**
 * Imports a worker file, JavaScript or TypeScript.
 *
 * @throws CommandFailure - names the file and what is wrong with it
 */
export async function loadWorker(file: string): Promise<LoadedWorker> {
  const path = resolve(file);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw problem(file, 'there is no such file');
  let module: { default?: unknown; respond?: unknown };
  try {
    module = (await import(pathToFileURL(path).href)) as typeof module;
  } catch (error) {
    throw problem(file, `cannot be loaded: ${error instanceof Error ? error.message : String(error)}`, error);
  }
  const { default: worker, respond } = module;
  if (typeof worker !== 'function') {
    const found = worker === undefined ? 'there is none' : `it is a ${typeof worker}`;
    throw problem(
      file,
      `its default export must be a function ({ backend, slack, logger }) => ({ close() }), and ${found}`,
    );
  }
  if (respond !== undefined && !isResponders(respond)) {
    throw problem(file, `its export respond must be an object of functions named ${RESPONDERS.join(', ')}`);
  }
  return {
    worker: (context) => start(file, () => (worker as WorkerModule)(context)),
    ...(respond === undefined ? {} : { responders: respond }),
  };
}

function isResponders(value: unknown): value is Responders {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).every(([name, item]) => RESPONDERS.includes(name) && typeof item === 'function');
}

async function start(file: string, worker: () => Worker | Promise<Worker>): Promise<Worker> {
  let running: Partial<Worker> | undefined;
  try {
    running = await worker();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandFailure(`--worker ${file}: did not start: ${reason}`, 1, { cause: error });
  }
  if (typeof running?.close === 'function') return running as Worker;
  throw problem(file, 'its default export must return { close() }');
}

function problem(file: string, text: string, cause?: unknown): CommandFailure {
  return new CommandFailure(`--worker ${file}: ${text}`, 2, { cause });
}
