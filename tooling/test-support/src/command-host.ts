import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { childEnvironment } from './child-environment.ts';

/** A command that ends by itself. */
export interface HostedRun {
  /** The file of the command, which is evaluated again for each run. */
  readonly file: string;
  readonly args: readonly string[];
  /** Its variables, in addition to {@link childEnvironment}. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** What the process receives. */
export interface HostMessage extends HostedRun {
  /** Begins the line with the exit code that ends each output of the run. */
  readonly mark: string;
}

/** How a run ended. */
export interface HostedEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Returns a function that runs commands, one after another in one process, which takes a tenth of the processor time of
 * a process for each. The process starts with the first command, and is ended after the tests of the file.
 *
 * Commands that get signals or read standard input need their own process.
 */
export function commandHost(): (run: HostedRun) => Promise<HostedEnd> {
  let host: Host | undefined;
  afterAll(() => host?.close());
  return (run) => {
    host ??= startHost();
    return host.run(run);
  };
}

interface Host {
  run(run: HostedRun): Promise<HostedEnd>;
  close(): Promise<void>;
}

function startHost(): Host {
  const child: ChildProcess = fork(fileURLToPath(new URL('command-host-program.ts', import.meta.url)), {
    env: childEnvironment(),
    execArgv: ['--conditions=@slack-mcp/source'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const closed = once(child, 'close');
  const next = [child.stdout, child.stderr].map((stream) => outputsOf(stream as Readable));
  let last: Promise<unknown> = Promise.resolve();

  async function begin(run: HostedRun): Promise<HostedEnd> {
    const mark = `${randomUUID()} `;
    const outputs = Promise.all(next.map((output) => output(mark)));
    child.send({ ...run, mark } satisfies HostMessage);
    const [stdout, stderr] = await outputs;
    return { code: Number(stdout?.code), stdout: stdout?.text ?? '', stderr: stderr?.text ?? '' };
  }

  return {
    run(run) {
      const ended = last.then(() => begin(run));
      last = ended.catch(() => undefined);
      return ended;
    },
    async close() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

interface Output {
  readonly text: string;
  readonly code: string;
}

/** Returns a function that waits for the output that ends with a mark. */
function outputsOf(stream: Readable): (mark: string) => Promise<Output> {
  let text = '';
  let check = (): void => undefined;
  let fail = (): void => undefined;
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    check();
  });
  stream.on('close', () => fail());
  return (mark) =>
    new Promise((resolve, reject) => {
      check = () => {
        const at = text.indexOf(mark);
        const end = text.indexOf('\n', at);
        if (at === -1 || end === -1) return;
        resolve({ text: text.slice(0, at), code: text.slice(at + mark.length, end) });
        text = text.slice(end + 1);
      };
      fail = () => reject(new Error(`the process ended before the command: ${text}`));
      if (stream.closed) fail();
    });
}
