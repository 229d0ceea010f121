import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BrokerName, type StartedBroker, startBroker, startRedis } from '@slack-mcp/brokers';
import { memoryGrowth, residentMemory } from '../resident-memory.ts';
import { EventBooks } from './event-books.ts';
import { createEventSender, type EventSender } from './event-sender.ts';
import { followJournal } from './follow-journal.ts';
import { type Installation, startInstallation } from './installation.ts';
import { complaintsOf, type LoadReport } from './load-report.ts';
import { startMcpCalls } from './mcp-caller.ts';
import { watchReadiness } from './readiness-watch.ts';

/** Options of {@link runLoad}. */
export interface LoadOptions {
  readonly broker: BrokerName;
  readonly seconds: number;
  /** Events per second. Default: half of what the server accepts at most. */
  readonly rate?: number | undefined;
  /** How often the broker goes away: in turn killed and stopped. */
  readonly restarts: number;
  /** Seconds until it comes back. */
  readonly outageSeconds: number;
  /** Seconds before the second retry of an event and before the third. Slack waits 60 and 300. */
  readonly retrySeconds: readonly [number, number];
  readonly mcpPerSecond: number;
  /** Receives lines about what happens. */
  readonly progress: (line: string) => void;
}

const SECRET = 'load-signing-secret';
const FLOOD_MS = 5_000;
const FLOOD_CONNECTIONS = 50;
const SAMPLE_MS = 1_000;
const POLL_MS = 100;
/** Milliseconds without a handled event after which missing events are lost. */
const GRACE_MS = 30_000;

/** Loads a server and a worker in their own processes while their broker restarts. */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  const folder = mkdtempSync(join(tmpdir(), 'load-'));
  const journal = join(folder, 'handled');
  writeFileSync(journal, '');
  await using broker = await openBroker(options.broker);
  await using installation = await startInstallation({ broker, journal, signingSecret: SECRET });
  try {
    return await load(options, broker, installation, journal);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function load(
  options: LoadOptions,
  broker: StartedBroker,
  installation: Installation,
  journal: string,
): Promise<LoadReport> {
  const { seconds, restarts, progress, retrySeconds } = options;
  const { address, server, worker } = installation;
  const books = new EventBooks();
  const retryAfterMs = [0, ...retrySeconds.map((pause) => pause * 1_000)];
  const sender = createEventSender({ address, signingSecret: SECRET, books, retryAfterMs });
  const follower = followJournal(journal, (event) => books.handled(event));
  const following = setInterval(() => follower.read(), POLL_MS);
  try {
    const rate = options.rate ?? (await halfOfMaximum(sender, books));
    progress(`${rate} events/s for ${seconds} s`);

    const readiness = watchReadiness(address);
    const mcp = await startMcpCalls(address, options.mcpPerSecond);
    const memory = sampleMemory([server.process.pid ?? 0, worker.process.pid ?? 0]);
    const outages = runOutages(options, broker, (state) => {
      readiness.brokerIs(state);
      progress(`the broker is ${state}; ${books.acceptedCount} accepted, ${books.handledCount} handled`);
    });
    await Promise.all([sender.atRate(rate, seconds * 1_000), outages]);
    const [serverSamples = [], workerSamples = []] = await memory.end();
    progress('waiting for retries and for the worker');
    await sender.settled();
    await untilHandled(books);
    const [mcpReport, ready] = await Promise.all([mcp.end(), readiness.end()]);
    const exitCodes = { server: await server.stop(), worker: await worker.stop() };
    follower.read();
    const report: Omit<LoadReport, 'complaints'> = {
      ...{ broker: broker.name, seconds, rate, restarts },
      ...{ sent: books.sentCount, accepted: books.acceptedCount, handled: books.handledCount },
      ...{ lost: books.lost().length, undelivered: books.undelivered().length, duplicates: books.duplicates },
      acknowledgedMs: { p50: books.acknowledgedWithinMs(0.5), p99: books.acknowledgedWithinMs(0.99) },
      failedAttempts: books.refusals,
      mcp: mcpReport,
      readiness: ready,
      memoryMiB: { server: memoryGrowth(serverSamples), worker: memoryGrowth(workerSamples) },
      exitCodes,
    };
    return { ...report, complaints: complaintsOf(report) };
  } finally {
    clearInterval(following);
    follower.close();
    sender.close();
  }
}

/** Measures how many events the server accepts at most. */
async function halfOfMaximum(sender: EventSender, books: EventBooks): Promise<number> {
  const maximum = await sender.flood(FLOOD_CONNECTIONS, FLOOD_MS);
  await sender.settled();
  books.restartClock();
  return Math.max(1, Math.floor(maximum / 2));
}

/** Redis writes each command to its disk, so that a kill loses nothing that it confirmed. */
function openBroker(name: BrokerName): Promise<StartedBroker> {
  return name === 'redis' ? startRedis({ appendfsync: 'always' }) : startBroker(name);
}

async function runOutages(
  { seconds, restarts, outageSeconds }: LoadOptions,
  broker: StartedBroker,
  onState: (state: 'up' | 'down') => void,
): Promise<void> {
  for (let index = 0; index < restarts; index += 1) {
    await sleep((seconds * 1_000) / (restarts + 1) - (index === 0 ? 0 : outageSeconds * 1_000));
    await (index % 2 === 0 ? broker.kill() : broker.stop());
    onState('down');
    await sleep(outageSeconds * 1_000);
    await broker.restart();
    onState('up');
  }
}

function sampleMemory(pids: readonly number[]): { end(): Promise<number[][]> } {
  const samples: number[][] = pids.map(() => []);
  let ended = false;
  const sampling = (async () => {
    while (!ended) {
      for (const [index, pid] of pids.entries()) samples[index]?.push(await residentMemory(pid));
      await sleep(SAMPLE_MS);
    }
  })();
  return {
    async end() {
      ended = true;
      await sampling;
      return samples;
    },
  };
}

/** Waits until each accepted event is handled, or until nothing is handled for some time. */
async function untilHandled(books: EventBooks): Promise<void> {
  let handled = -1;
  let progressAt = performance.now();
  while (books.lost().length > 0 && performance.now() - progressAt < GRACE_MS) {
    if (books.handledCount !== handled) progressAt = performance.now();
    handled = books.handledCount;
    await sleep(POLL_MS);
  }
}
