import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { SECRET } from '../mcp/credentials.ts';
import { sendRequest } from '../mcp/send-request.ts';
import { signedEvent } from '../mcp/signed-event.ts';
import { type ServerProcess, startServerProcess } from '../server-process.ts';

/** The result of a hostile session, as `--json` prints it. */
export interface HostileResult {
  readonly seconds: number;
  /** Number of signed events that were sent. */
  readonly events: number;
  readonly answered: number;
  /** Number of events that the queue delivered to its worker. */
  readonly handled: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Memory of the server in MiB: before the attacks, at its peak, and after them. */
  readonly rssMiB: { readonly before: number; readonly most: number; readonly after: number };
  /** The broken guarantees. */
  readonly broken: readonly string[];
}

/** Options of a session. */
export interface HostileOptions {
  readonly seconds: number;
  /** Signed events per second. */
  readonly rate: number;
  /** Text in the names of the attacks to run. Default: all. */
  readonly only?: string | undefined;
  progress(line: string): void;
}

const MAIN = new URL('../mcp/server-main.ts', import.meta.url);
const ATTACKER = fileURLToPath(new URL('attacker-main.ts', import.meta.url));
/** Milliseconds within which 99 % of the events must be answered. */
const MOST_P99_MS = 500;
/** Memory limit of the server in MiB. */
const MOST_RSS_MIB = 768;

/** Sends signed events at a steady rate while a caller with read access and strangers attack, and Slack hangs. */
export async function hostileSession(options: HostileOptions): Promise<HostileResult> {
  const { seconds, rate, progress } = options;
  const slack = createServer((request) => void request.resume());
  await new Promise<void>((resolve) => slack.listen(0, '127.0.0.1', resolve));
  const slackUrl = `http://127.0.0.1:${(slack.address() as AddressInfo).port}/api/`;
  const server = await startServerProcess(MAIN, [slackUrl, 'usual']);
  const memory = watchMemory(server);
  const before = memory.now();
  const attacker: ChildProcess = fork(ATTACKER, [String(server.port), options.only ?? ''], {
    execArgv: ['--conditions=@slack-mcp/source'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    await once(attacker, 'message');
    progress('attacking');
    const { sent, times, failures } = await sendEvents(server, { seconds, rate, progress });
    attacker.send('stop');
    await once(attacker, 'exit');
    const handled = await untilHandled(server, times.length);
    const [p50Ms = 0, p99Ms = 0, maxMs = 0] = [0.5, 0.99, 1].map((part) => quantile(times, part));
    const rssMiB = { before, most: memory.most(), after: memory.now() };
    const broken = [
      ...failures,
      ...(server.hasEnded ? ['the server has ended'] : []),
      ...(handled < times.length ? [`${times.length - handled} events were answered with 200 but not handled`] : []),
      ...(p99Ms > MOST_P99_MS
        ? [`99 % of the events were answered within ${p99Ms} ms, the limit is ${MOST_P99_MS} ms`]
        : []),
      ...(rssMiB.most > MOST_RSS_MIB ? [`the server used ${rssMiB.most} MiB, the limit is ${MOST_RSS_MIB} MiB`] : []),
    ];
    return { seconds, events: sent, answered: times.length, handled, p50Ms, p99Ms, maxMs, rssMiB, broken };
  } finally {
    attacker.kill('SIGKILL');
    memory.stop();
    await server.stop();
    slack.closeAllConnections();
    slack.close();
  }
}

/** Sends events at a fixed rate, without waiting for earlier answers. */
async function sendEvents(server: ServerProcess, { seconds, rate, progress }: HostileOptions) {
  // Like Slack, keep a connection and open a new one when it is closed.
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const times: number[] = [];
  const failed = new Map<string, number>();
  const waiting = new Set<Promise<void>>();
  let sent = 0;

  async function send(): Promise<void> {
    const started = performance.now();
    const { ending } = await sendRequest(server.port, signedEvent(SECRET, `EvH${sent}x${started}`), agent);
    if (ending === 200) times.push(performance.now() - started);
    else failed.set(String(ending), (failed.get(String(ending)) ?? 0) + 1);
  }

  const started = performance.now();
  while (performance.now() - started < seconds * 1_000 && !server.hasEnded) {
    const due = Math.floor(((performance.now() - started) / 1_000) * rate);
    for (; sent < due; sent += 1) {
      const one = send().finally(() => waiting.delete(one));
      waiting.add(one);
      if (sent % (rate * 15) === 0) progress(`${sent} events, ${[...failed].join(' ')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(waiting);
  agent.destroy();
  const failures = [...failed].map(([ending, count]) => `${count} events ended with ${ending}`);
  return { sent, times, failures };
}

/** Waits until the worker has handled the messages in the queue. */
async function untilHandled(server: ServerProcess, count: number): Promise<number> {
  let handled = 0;
  for (let times = 0; times < 100 && handled < count && !server.hasEnded; times += 1) {
    handled = await server.handled();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return handled;
}

function quantile(times: readonly number[], part: number): number {
  const sorted = times.toSorted((one, other) => one - other);
  return Math.round(sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN);
}

function watchMemory({ pid }: ServerProcess) {
  let most = 0;
  const now = (): number => {
    try {
      const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      most = Math.max(most, Math.round(Number(kib) / 1024));
      return Math.round(Number(kib) / 1024);
    } catch {
      return Number.NaN;
    }
  };
  const timer = setInterval(now, 250);
  return { now, most: () => most, stop: () => clearInterval(timer) };
}
