import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../brokers/src/index.ts';
import { imageStart } from '../../deploy/src/start-command.ts';
import { packageManager, run } from '../../scripts/run.ts';

export const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const COMMAND = path('../../../packages/server/dist/bin/slack-webhook-server.js');

/** The server finds its backend among the dependencies of the folder in which it starts; this one has all of them. */
const APPLICATION = path('../../deploy');

/** What a server has used since it started. */
export interface Usage {
  /** Processor time in microseconds. */
  readonly cpuUs: number;
  /** Resident memory in MiB. */
  readonly rssMiB: number;
}

/** A server under load, in its own process. */
export interface Server extends AsyncDisposable {
  readonly port: number;
  usage(): Promise<Usage>;
}

/**
 * Starts the published command with a backend, which reads its broker from the environment. Logs go to a file, and Node
 * has the options of the image, as in production.
 */
export async function startOurs(backend: string, env: Readonly<Record<string, string>> = {}): Promise<Server> {
  const { NODE_OPTIONS } = imageStart().env;
  const port = await freePort();
  return start(COMMAND, [], port, {
    PATH: process.env['PATH'],
    NODE_OPTIONS,
    PORT: String(port),
    SLACK_SIGNING_SECRET: SECRET,
    QUEUE_BACKEND: backend,
    ...env,
  });
}

/** Starts one of the alternatives. */
export async function startReference(kind: 'fastify' | 'bolt'): Promise<Server> {
  const port = await freePort();
  return start(path('reference-server.mjs'), [kind, String(port), SECRET], port, process.env);
}

/** Builds the server and the backends for publishing. */
export async function buildServer(): Promise<void> {
  const { command, args } = packageManager();
  const filters = ['--filter=@slack-mcp/server', '--filter=@slack-mcp/backend-*'];
  const build = await run(command, [...args, 'exec', 'turbo', 'run', 'build', ...filters], {
    cwd: path('../../..'),
    quiet: true,
  });
  if (build.code !== 0) throw new Error(`the server could not be built\n${build.output}`);
}

async function start(file: string, args: readonly string[], port: number, env: NodeJS.ProcessEnv): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-ingest-'));
  const log = await open(join(folder, 'log'), 'w');
  const child = fork(file, args, {
    cwd: APPLICATION,
    execArgv: [`--import=${new URL('report-usage.mjs', import.meta.url)}`],
    env,
    stdio: ['ignore', 'ignore', log.fd, 'ipc'],
  });
  await log.close();
  const isReady = async (): Promise<boolean> => {
    if (child.exitCode !== null) {
      const text = await readFile(join(folder, 'log'), 'utf8');
      throw new Error(`${file} ended with ${child.exitCode}: ${text.slice(-2_000)}`);
    }
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    await answer?.body?.cancel();
    return answer !== undefined && answer.status !== 503;
  };
  while (!(await isReady())) await setTimeout(50);
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
