import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import type { QueueBackend } from '@slack-mcp/core';
import type { Child } from '../../test-support/src/start-command.ts';

const SENDERS = 25;

/** Number of accepted events after which the server receives SIGTERM. */
const ACCEPTED_BEFORE_STOP = 500;

/** What became of the events that were sent while a server stopped. */
export interface StopReport {
  readonly accepted: number;
  /** Accepted events that the queue does not contain. */
  readonly lost: readonly string[];
  /** Requests that the server answered with an error. Slack sends their events again. */
  readonly refused: number;
  /** Connections that ended after the request was sent and before an answer. Slack sends their events again. */
  readonly reset: number;
  readonly exitCode: number | null;
}

/** Options of {@link stopUnderLoad}. */
export interface StopUnderLoadOptions {
  readonly server: Child;
  /** For example `http://127.0.0.1:3000`. */
  readonly address: string;
  readonly signingSecret: string;
  /** Reads the queue that the server publishes to. */
  readonly backend: QueueBackend;
  /** A group that receives every event from the first publish on. */
  readonly group: string;
}

type Result = 'accepted' | 'refused' | 'reset' | 'closed';

/** Sends events without a pause, stops the server with SIGTERM in between, and compares the queue with the answers. */
export async function stopUnderLoad(options: StopUnderLoadOptions): Promise<StopReport> {
  const { server, address, signingSecret, backend, group } = options;
  const accepted = new Set<string>();
  const counts = { refused: 0, reset: 0 };
  let next = 0;
  let stopping: Promise<number | null> | undefined;

  async function sendEvents(): Promise<void> {
    for (;;) {
      next += 1;
      const id = `Ev${next}`;
      const result = await send(address, signingSecret, id);
      if (result === 'closed') return;
      if (result === 'accepted') accepted.add(id);
      else counts[result] += 1;
      if (accepted.size >= ACCEPTED_BEFORE_STOP) stopping ??= server.stop();
    }
  }

  await Promise.all(Array.from({ length: SENDERS }, sendEvents));
  const exitCode = (await stopping) ?? null;
  const lost = await missing(accepted, backend, group);
  return { accepted: accepted.size, lost, ...counts, exitCode };
}

function send(address: string, secret: string, id: string): Promise<Result> {
  const event = { type: 'app_mention', user: 'U1', channel: `C${id}`, ts: '1700000000.000100', text: 'under load' };
  const body = JSON.stringify({ type: 'event_callback', event_id: id, team_id: 'T1', api_app_id: 'A1', event });
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return new Promise((resolve) => {
    // A connection for each request, as from many clients.
    const sent = request(`${address}/slack/events`, {
      method: 'POST',
      agent: false,
      headers: {
        'content-type': 'application/json',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${signature}`,
      },
    });
    sent.on('response', (response) => {
      response.resume();
      response.on('error', () => {});
      resolve(response.statusCode === 200 ? 'accepted' : 'refused');
    });
    sent.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'ECONNREFUSED' ? 'closed' : 'reset'));
    sent.end(body);
  });
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
