import { setTimeout as sleep } from 'node:timers/promises';
import type { QueueBackend } from '@slack-mcp/core';
import type { Child } from '../../test-support/src/start-command.ts';
import type { EventClient, Outcome } from './event-clients.ts';
import { signedEvent } from './signed-event.ts';

const SENDERS = 25;

/** What became of the events that were sent while a server stopped. */
export interface StopReport {
  readonly accepted: number;
  /** Accepted events that the queue does not contain. */
  readonly lost: readonly string[];
  /** Requests that the server answered with an error. Slack sends their events again. */
  readonly refused: number;
  /** Requests on connections with earlier requests that ended without an answer. */
  readonly reset: number;
  /** First requests of connections that ended without an answer. */
  readonly unaccepted: number;
  readonly exitCode: number | null;
}

/** Options of {@link stopUnderLoad}. */
export interface StopUnderLoadOptions {
  readonly server: Child;
  readonly client: EventClient;
  readonly signingSecret: string;
  /** Reads the queue that the server publishes to. */
  readonly backend: QueueBackend;
  /** A group that receives every event from the first publish on. */
  readonly group: string;
  /** Number of accepted events after which the server receives SIGTERM. Default 500. */
  readonly acceptedBeforeStop?: number;
  /** Returns the milliseconds that a sender waits before its next event. Default: none. */
  readonly pauseMs?: () => number;
}

/** Sends events, stops the server with SIGTERM in between, and compares the queue with the answers. */
export async function stopUnderLoad(options: StopUnderLoadOptions): Promise<StopReport> {
  const { server, client, signingSecret, backend, group, acceptedBeforeStop = 500, pauseMs } = options;
  const accepted = new Set<string>();
  const counts: Record<Exclude<Outcome, 'accepted' | 'closed'>, number> = { refused: 0, reset: 0, unaccepted: 0 };
  let next = 0;
  let stopping: Promise<number | null> | undefined;

  async function sendEvents(): Promise<void> {
    for (;;) {
      next += 1;
      const id = `Ev${next}`;
      const outcome = await send(client, signingSecret, id);
      if (outcome === 'closed') return;
      if (outcome === 'accepted') accepted.add(id);
      else counts[outcome] += 1;
      if (accepted.size >= acceptedBeforeStop) stopping ??= server.stop();
      if (pauseMs !== undefined) await sleep(pauseMs());
    }
  }

  await Promise.all(Array.from({ length: SENDERS }, sendEvents));
  const exitCode = (await stopping) ?? null;
  await client.close();
  const lost = await missing(accepted, backend, group);
  return { accepted: accepted.size, lost, ...counts, exitCode };
}

function send(client: EventClient, secret: string, id: string): Promise<Outcome> {
  const { body, headers } = signedEvent(secret, id);
  return client.send(body, headers);
}

/** Reads the group until every accepted event was there, or nothing arrives for some time. */
async function missing(accepted: ReadonlySet<string>, backend: QueueBackend, group: string): Promise<string[]> {
  const left = new Set(accepted);
  const quiet = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => quiet.abort(), 15_000);
  };
  wait();
  for await (const message of backend.consume({ group, signal: quiet.signal })) {
    wait();
    left.delete(String(message.payload['event_id']));
    if (left.size === 0) {
      await message.ack();
      break;
    }
  }
  clearTimeout(timer);
  return [...left];
}
