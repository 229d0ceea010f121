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

/** What a hostile session came to, as `--json` prints it. */
export interface HostileResult {
  readonly seconds: number;
  /** Signed events that were sent, and how many of them were answered 200 at the first attempt. */
  readonly events: number;
  readonly answered: number;
  /** Events that the queue handed to its worker. */
  readonly handled: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Memory of the server in MiB: before the attacks, at most, and after them. */
  readonly rssMiB: { readonly before: number; readonly most: number; readonly after: number };
  /** What was promised and not kept. */
  readonly broken: readonly string[];
}

/** How to run a session. */
export interface HostileOptions {
  readonly seconds: number;
  /** Signed events a second. */
  readonly rate: number;
  /** Text in the names of the attacks. Default: all of them. */
  readonly only?: string | undefined;
  progress(line: string): void;
}

const MAIN = new URL('../mcp/server-main.ts', import.meta.url);
const ATTACKER = fileURLToPath(new URL('attacker-main.ts', import.meta.url));
/** Milliseconds in which 99 of 100 events are answered. */
const MOST_P99_MS = 500;
/** MiB that the server may take. */
const MOST_RSS_MIB = 768;

/** Sends signed events at a steady rate while a caller with read rights and strangers attack, and Slack hangs. */
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
      ...(handled < times.length ? [`${times.length - handled} events that were answered 200 were not handled`] : []),
      ...(p99Ms > MOST_P99_MS ? [`99 of 100 events were answered within ${p99Ms} ms, of ${MOST_P99_MS}`] : []),
      ...(rssMiB.most > MOST_RSS_MIB ? [`the server took ${rssMiB.most} MiB, of ${MOST_RSS_MIB}`] : []),
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

/** Sends so many a second, whether those before are answered or not. */
async function sendEvents(server: ServerProcess, { seconds, rate, progress }: HostileOptions) {
  // As Slack does it: a connection is kept, and a new one opened where that is gone.
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

/** The worker takes what is in the queue. */
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
