import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The server under test. */
export interface ServerProcess {
  readonly port: number;
  /** Whether the process has ended, which is an error. */
  readonly hasEnded: boolean;
  /** Its process id. */
  readonly pid: number;
  /** Memory in use after garbage collection, in MiB. */
  memory(): Promise<number>;
  /** Number of messages that its worker has handled, if it has one. */
  handled(): Promise<number>;
  /** The value of one of the server's gauges. */
  gauge(name: string): Promise<number>;
  /** Number of requests by result, counted by the server itself. */
  results(): Promise<Readonly<Record<string, number>>>;
  stop(): Promise<void>;
}

/**
 * Starts a real server in a separate process.
 *
 * @param main - the module that starts the server and sends its address
 * @param args - its arguments
 * @param preload - a module to load first
 */
export async function startServerProcess(main: URL, args: readonly string[], preload?: URL): Promise<ServerProcess> {
  const child: ChildProcess = fork(fileURLToPath(main), [...args], {
    execArgv: [
      '--conditions=@slack-mcp/source',
      '--expose-gc',
      ...(preload === undefined ? [] : [`--import=${preload.href}`]),
    ],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let hasEnded = false;
  child.once('exit', () => {
    hasEnded = true;
  });
  const address = await Promise.race([
    once(child, 'message').then(([message]) => String(message)),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the server did not start: exit code ${code}`))),
  ]);

  async function ask(what: 'memory' | 'handled'): Promise<number> {
    child.send(what);
    const [answer] = await once(child, 'message');
    return Number(answer);
  }

  async function metrics(): Promise<string> {
    return (await fetch(`${address}/metrics`)).text();
  }

  return {
    port: Number(new URL(address).port),
    pid: child.pid ?? 0,
    get hasEnded() {
      return hasEnded;
    },
    memory: async () => Math.round((await ask('memory')) / 2 ** 20),
    handled: () => ask('handled'),
    gauge: async (name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(await metrics())?.[1] ?? Number.NaN),
    results: async () => {
      const lines = (await metrics()).matchAll(/^slack_mcp_ingress_requests_total\{result="(\w+)"\} (\d+)$/gm);
      return Object.fromEntries([...lines].map(([, result, count]) => [result, Number(count)]));
    },
    stop: async () => {
      if (hasEnded) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
