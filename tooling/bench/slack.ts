import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSlackPort } from '../../packages/slack/src/create-slack-port.ts';
import type { SlackPort } from '../../packages/slack/src/slack-port.ts';
import type { BenchOptions } from './bench-options.ts';
import { compare, type Measurement } from './compare.ts';
import { HISTORY } from './slack-history.ts';

const TOKEN = 'xoxb-benchmark';
const CALLS = 300;
const LIMIT_S = 3;

interface Stub extends AsyncDisposable {
  readonly url: string;
  readonly port: SlackPort;
}

/** A Slack stub with an optional rate limit on `users.list`. */
async function stub(limited: boolean): Promise<Stub> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      if (limited && request.url?.endsWith('users.list')) {
        response.writeHead(429, { 'retry-after': String(LIMIT_S) }).end();
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json', 'x-oauth-scopes': 'channels:history' });
      response.end(request.url?.endsWith('history') ? HISTORY : '{"ok":true}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
  return {
    url,
    port: createSlackPort({ token: TOKEN, apiUrl: url }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Measures what a rate-limited method costs other methods, and what the port costs per call. */
export async function* slack({ rounds }: BenchOptions): AsyncGenerator<Measurement> {
  yield await compare({
    bench: 'slack',
    rounds,
    metric: `p99 of a call while another method is limited for ${LIMIT_S} s`,
    reference: 'no method is limited',
    unit: 'ms',
    better: 'less',
    ours: () => othersP99(true),
    theirs: () => othersP99(false),
  });
  await using at = await stub(false);
  yield await compare({
    bench: 'slack',
    rounds,
    metric: `read and parse a history of ${HISTORY.length} bytes`,
    reference: 'fetch and JSON.parse',
    unit: 'ms',
    better: 'less',
    ours: () => mean(() => at.port.call('conversations.history', { channel: 'C0123456789' })),
    theirs: () => mean(() => bareHistory(at.url)),
  });
}

/** The 99th percentile of calls of one method, in milliseconds, while calls of another method are rate-limited. */
async function othersP99(limited: boolean): Promise<number> {
  await using at = await stub(limited);
  await at.port.call('auth.test');
  const waiting = Array.from({ length: 20 }, () => at.port.call('users.list').catch(() => {}));
  const times: number[] = [];
  for (let index = 0; index < CALLS; index += 1) {
    const started = performance.now();
    await at.port.call('chat.postMessage', { channel: 'C0123456789', text: 'Hello' });
    times.push(performance.now() - started);
  }
  await Promise.all(waiting);
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length * 0.99)] ?? Number.NaN;
}

async function bareHistory(url: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/x-www-form-urlencoded' };
  const response = await fetch(`${url}conversations.history`, { method: 'POST', headers, body: 'channel=C0123456789' });
  return JSON.parse(await response.text());
}

async function mean(call: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  for (let index = 0; index < CALLS; index += 1) await call();
  return (performance.now() - started) / CALLS;
}
