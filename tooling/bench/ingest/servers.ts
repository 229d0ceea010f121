import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../brokers/src/index.ts';
import { imageStart } from '../../deploy/src/start-command.ts';
import type { Usage } from './report-usage.ts';

export const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';

/** A server under load, in its own process. */
export interface Server extends AsyncDisposable {
  readonly port: number;
  usage(): Promise<Usage>;
}

/**
 * Starts our server with a backend, which reads its broker from the environment. Logs go to a file, and Node has the
 * options of the image, as in production.
 */
export function startOurs(backend: string, env: Readonly<Record<string, string>> = {}): Promise<Server> {
  const { NODE_OPTIONS } = imageStart().env;
  return start('our-server.ts', backend, { PATH: process.env['PATH'], NODE_OPTIONS, ...env });
}

/** Starts one of the alternatives. */
export function startReference(kind: 'fastify' | 'bolt'): Promise<Server> {
  return start('reference-server.ts', kind, process.env);
}

async function start(file: string, kind: string, env: NodeJS.ProcessEnv): Promise<Server> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'bench-ingest-'));
  const log = await open(join(folder, 'log'), 'w');
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [kind, String(port), SECRET], {
    execArgv: ['--conditions=@slack-mcp/source'],
    env,
    stdio: ['ignore', 'ignore', log.fd, 'ipc'],
  });
  await log.close();
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${file} ended with ${code}`)));
  await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => {});
  return server(child, port, folder);
}

function server(child: ChildProcess, port: number, folder: string): Server {
  return {
    port,
    usage: async () => {
      child.send('usage');
      const [usage] = (await once(child, 'message')) as [Usage];
      return usage;
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      await rm(folder, { recursive: true });
    },
  };
}
