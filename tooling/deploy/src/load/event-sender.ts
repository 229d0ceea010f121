import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { signedEvent } from '../signed-event.ts';
import type { EventBooks } from './event-books.ts';

/** Slack waits this long for an answer. */
const ANSWER_MS = 3_000;
const TICK_MS = 10;

/** Options of {@link createEventSender}. */
export interface EventSenderOptions {
  /** The base URL of the server. */
  readonly address: string;
  readonly signingSecret: string;
  readonly books: EventBooks;
  /** Milliseconds before each retry. */
  readonly retryAfterMs: readonly number[];
}

/** Sends events as Slack does: on many connections, each event again after a failure. */
export interface EventSender {
  /** Sends events as fast as `connections` connections allow. Resolves to accepted events per second. */
  flood(connections: number, durationMs: number): Promise<number>;
  /** Sends events at a fixed rate, however long the answers take. */
  atRate(perSecond: number, durationMs: number): Promise<void>;
  /** Resolves when each event is accepted or out of retries. */
  settled(): Promise<void>;
  close(): void;
}

/** Creates a sender whose results are in `books`. */
export function createEventSender({ address, signingSecret, books, retryAfterMs }: EventSenderOptions): EventSender {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 100 });
  const open = new Set<Promise<void>>();

  async function attempt(event: number): Promise<boolean> {
    const started = performance.now();
    const status = await post(event);
    const elapsed = performance.now() - started;
    if (status === 200) books.accepted(event, elapsed);
    else books.refused(status);
    return status === 200;
  }

  /** Resolves to the status, or to the reason for a missing answer. */
  function post(event: number): Promise<number | string> {
    const { body, headers } = signedEvent(signingSecret, `Ev${event}`);
    return new Promise((resolve) => {
      const sent = request(`${address}/slack/events`, { method: 'POST', agent, headers, timeout: ANSWER_MS });
      sent.on('response', (response) => {
        response.on('error', () => {});
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sent.on('timeout', () => {
        resolve('no answer within 3 s');
        sent.destroy();
      });
      sent.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'error'));
      sent.end(body);
    });
  }

  async function deliver(event: number): Promise<void> {
    if (await attempt(event)) return;
    for (const pause of retryAfterMs) {
      await sleep(pause);
      if (await attempt(event)) return;
    }
    books.abandoned(event);
  }

  function start(): Promise<void> {
    const delivery = deliver(books.next()).finally(() => open.delete(delivery));
    open.add(delivery);
    return delivery;
  }

  return {
    async flood(connections, durationMs) {
      const before = books.acceptedCount;
      const started = performance.now();
      const lane = async (): Promise<void> => {
        while (performance.now() - started < durationMs) await start();
      };
      await Promise.all(Array.from({ length: connections }, lane));
      return ((books.acceptedCount - before) * 1_000) / (performance.now() - started);
    },
    async atRate(perSecond, durationMs) {
      const started = performance.now();
      let begun = 0;
      for (let elapsed = 0; elapsed < durationMs; elapsed = performance.now() - started) {
        const due = Math.floor((elapsed * perSecond) / 1_000);
        for (; begun < due; begun += 1) void start();
        await sleep(TICK_MS);
      }
    },
    async settled() {
      while (open.size > 0) await Promise.all(open);
    },
    close: () => agent.destroy(),
  };
}
