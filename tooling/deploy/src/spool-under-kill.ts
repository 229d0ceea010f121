import { setTimeout as sleep } from 'node:timers/promises';
import type { QueueBackend } from '@slack-mcp/core';
import { separateConnections } from './event-clients.ts';
import { signedEvent } from './signed-event.ts';

const CHANNELS = 10;
const RETRY_MS = 50;
const QUIET_MS = 10_000;

/** Sends the events of several channels, in each channel one after the other, until `end`. */
export interface ChannelSender {
  /** Resolves when this number of further events is accepted. */
  accepted(count: number): Promise<void>;
  /** The accepted events of each channel, in their order. */
  end(): Promise<ReadonlyMap<string, readonly string[]>>;
}

/** Sends each event until the server accepts it, as Slack does for some time. */
export function sendChannels(address: string, signingSecret: string): ChannelSender {
  const client = separateConnections(address);
  const sent = new Map<string, string[]>();
  let count = 0;
  let ended = false;

  async function sendChannel(channel: string): Promise<void> {
    const events: string[] = [];
    sent.set(channel, events);
    for (let number = 1; !ended; number += 1) {
      const id = `${channel}-${number}`;
      const { body, headers } = signedEvent(signingSecret, id, channel);
      while ((await client.send(body, headers)) !== 'accepted') {
        if (ended) return;
        await sleep(RETRY_MS);
      }
      events.push(id);
      count += 1;
    }
  }

  const sending = Promise.all(Array.from({ length: CHANNELS }, (_, channel) => sendChannel(`C${channel}`)));
  return {
    async accepted(more) {
      const until = count + more;
      while (count < until) await sleep(10);
    },
    async end() {
      ended = true;
      await sending;
      await client.close();
      return sent;
    },
  };
}

/** What the queue contains of the events that were sent. */
export interface SpoolBooks {
  /** Accepted events that are not in the queue. */
  readonly lost: readonly string[];
  /** Events that arrived before an earlier event of their channel. */
  readonly overtaken: readonly string[];
  readonly duplicates: number;
}

/** Reads the queue until each accepted event was there, or until nothing arrives for some time. */
export async function compareQueue(
  backend: QueueBackend,
  group: string,
  sent: ReadonlyMap<string, readonly string[]>,
): Promise<SpoolBooks> {
  const missing = new Set([...sent.values()].flat());
  const seen = new Set<string>();
  const latest = new Map<string, number>();
  const overtaken: string[] = [];
  let duplicates = 0;
  const quiet = new AbortController();
  let timer = setTimeout(() => quiet.abort(), QUIET_MS);
  for await (const message of backend.consume({ group, signal: quiet.signal })) {
    clearTimeout(timer);
    timer = setTimeout(() => quiet.abort(), missing.size === 0 ? 500 : QUIET_MS);
    const id = String(message.payload['event_id']);
    missing.delete(id);
    if (seen.has(id)) {
      duplicates += 1;
      continue;
    }
    seen.add(id);
    const [channel = '', number] = id.split('-');
    if (Number(number) < (latest.get(channel) ?? 0)) overtaken.push(id);
    latest.set(channel, Number(number));
  }
  clearTimeout(timer);
  return { lost: [...missing], overtaken, duplicates };
}
