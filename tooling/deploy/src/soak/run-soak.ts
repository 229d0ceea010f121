import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConsumer } from '@slack-mcp/consumer';
import type { BackendPlugin, QueueBackend } from '@slack-mcp/core';
import { isFlat } from '../resident-memory.ts';

/** Options of {@link runSoak}. */
export interface SoakOptions {
  readonly plugin: BackendPlugin;
  /** The variables of the backend, with `QUEUE_GROUPS`. */
  readonly env: Readonly<Record<string, string>>;
  readonly messages: number;
  /** Receives each sample. */
  readonly onSample: (sample: SoakSample) => void;
}

/** What the process used after a part of the messages. */
export interface SoakSample {
  readonly handled: number;
  readonly seconds: number;
  readonly rssMiB: number;
  /** Heap in use after garbage collection. */
  readonly heapMiB: number;
  /** Timers, sockets and other resources that keep a process alive. */
  readonly handles: number;
  /** Listeners of the process, and of the signal that every publish receives. */
  readonly listeners: number;
}

/** The results of a soak. */
export interface SoakReport {
  readonly samples: readonly SoakSample[];
  readonly published: number;
  readonly handled: number;
  /** Descriptions of what grew or was lost. Empty if all is well. */
  readonly complaints: readonly string[];
}

/** The group that receives the messages. */
export const SOAK_GROUP = 'soak';

const IN_FLIGHT = 200;
/** Messages that the handlers may lag behind, so that the backlog does not count as growth. */
const MOST_BEHIND = 2_000;
const SAMPLES = 10;
const MIB = 1_024 ** 2;
const PAYLOAD = {
  type: 'event_callback',
  team_id: 'T061EG9R6',
  api_app_id: 'A0FFV41KK',
  event: { type: 'app_mention', user: 'U061F7AUR', text: '<@U0LAN0Z89> is it everything?', ts: '1515449522.000016' },
};

/** Publishes messages and handles them in the same process, and samples what the process uses at each tenth. */
export async function runSoak({ plugin, env, messages, onSample }: SoakOptions): Promise<SoakReport> {
  const warnings: string[] = [];
  const onWarning = ({ name, message }: Error): void => void warnings.push(`${name}: ${message}`);
  process.on('warning', onWarning);
  await using backend = plugin.Backend.fromEnv(env);
  const started = performance.now();
  const stop = new AbortController();
  const samples: SoakSample[] = [];
  let handled = 0;
  let published = 0;
  const done = Promise.withResolvers<void>();
  const consumer = createConsumer({ group: SOAK_GROUP, backend, concurrency: 100 });
  consumer.on('app_mention', async () => {
    handled += 1;
    if (handled === messages) done.resolve();
  });
  await consumer.start();

  const take = (): void => {
    const sample = sampleProcess(handled, (performance.now() - started) / 1_000, stop.signal);
    samples.push(sample);
    onSample(sample);
  };
  try {
    for (let part = 1; part <= SAMPLES; part += 1) {
      const until = Math.floor((messages * part) / SAMPLES);
      await publishUntil(until);
      take();
    }
    await Promise.race([done.promise, stalled(() => handled)]);
  } finally {
    process.off('warning', onWarning);
    await consumer.close();
  }
  return { samples, published, handled, complaints: complaintsOf(samples, published, handled, warnings) };

  async function publishUntil(until: number): Promise<void> {
    const lane = async (): Promise<void> => {
      while (published < until) {
        published += 1;
        const number = published;
        while (number - handled > MOST_BEHIND) await sleep(1);
        await publishOne(backend, number, stop.signal);
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  }
}

function publishOne(backend: QueueBackend, number: number, signal: AbortSignal): Promise<void> {
  const channel = `C${number % 1_000}`;
  const payload = { ...PAYLOAD, event_id: `Ev${number}`, event: { ...PAYLOAD.event, channel } };
  return backend.publish('slack_events', payload, { messageId: `Ev${number}`, orderingKey: channel, signal });
}

function sampleProcess(handled: number, seconds: number, signal: AbortSignal): SoakSample {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  const own = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  return {
    handled,
    seconds: Math.round(seconds),
    rssMiB: Math.round(rss / MIB),
    heapMiB: Math.round(heapUsed / MIB),
    handles: process.getActiveResourcesInfo().length,
    listeners: own + getEventListeners(signal, 'abort').length,
  };
}

const STALL_MS = 60_000;

/** Resolves when the count did not change for a minute. */
function stalled(count: () => number): Promise<void> {
  return new Promise((resolve) => {
    let seen = count();
    const timer = setInterval(() => {
      if (count() === seen) {
        clearInterval(timer);
        resolve();
      }
      seen = count();
    }, STALL_MS);
    timer.unref();
  });
}

/** Describes what grew between the second sample and the last, and what was lost. */
export function complaintsOf(
  samples: readonly SoakSample[],
  published: number,
  handled: number,
  warnings: readonly string[] = [],
): string[] {
  const [, before, ...later] = samples;
  const after = later.at(-1);
  if (before === undefined || after === undefined) throw new Error('a soak has at least three samples');
  const complaints = [...warnings];
  if (handled < published) complaints.push(`${published - handled} of ${published} messages were not handled`);
  if (!isFlat({ before: before.rssMiB, after: after.rssMiB })) {
    complaints.push(`the resident memory grew from ${before.rssMiB} to ${after.rssMiB} MiB`);
  }
  if (after.heapMiB > before.heapMiB * 1.2 + 8) {
    complaints.push(`the heap grew from ${before.heapMiB} to ${after.heapMiB} MiB`);
  }
  for (const name of ['handles', 'listeners'] as const) {
    // Publishes and timers of the moment differ between samples, by a number that the messages do not change.
    if (after[name] > before[name] + 10) complaints.push(`the ${name} grew from ${before[name]} to ${after[name]}`);
  }
  return complaints;
}
