import { Chance } from '../chance.ts';
import type { FuzzOptions, FuzzResult } from '../result.ts';
import { startServerProcess } from '../server-process.ts';
import { Connection, type Ending } from './connection.ts';
import { type FuzzRequest, makeRequest, SECRET } from './request.ts';

const MAIN = new URL('server-main.ts', import.meta.url);
const CONNECTIONS = 32;
/** Maximum number of unexpected results to print. */
const SHOWN = 20;
/** Share of a run after which the server should have allocated everything that it keeps. */
const WARM_UP = 0.4;
/** Allowed growth after that, in MiB: the contents of the queue vary, and ids are remembered. */
const GROWTH_MIB = 16;

/**
 * Sends the ingress requests that Slack would never send, and some that it would. The server must not end, answer with
 * 5xx other than 503, accept unsigned requests, refuse signed ones, or leak memory.
 */
export async function fuzzIngress({ requests, seed, progress, preload }: FuzzOptions): Promise<FuzzResult> {
  const server = await startServerProcess(MAIN, [SECRET, 'another-secret-while-rotating'], preload);
  const started = performance.now();
  const counts = { accepted: 0, rejected: 0, unexpected: 0, sslChecks: 0 };
  let next = 0;

  function unexpected(what: string): void {
    counts.unexpected += 1;
    if (counts.unexpected <= SHOWN) progress(`UNEXPECTED ${what}`);
  }

  function judge(index: number, request: FuzzRequest, ending: Ending): void {
    if (ending === 200) counts.accepted += 1;
    else counts.rejected += 1;
    if (request.promise === 'ssl_check' && ending === 200) counts.sslChecks += 1;
    if (isAsPromised(request, ending)) return;
    unexpected(`${request.promise} request ${index} of seed ${seed} ended with ${ending}: ${excerpt(request.bytes)}`);
  }

  async function work(until: number): Promise<void> {
    const connection = new Connection(server.port);
    for (let index = next++; index < until && !server.hasEnded; index = next++) {
      const request = makeRequest(new Chance(seed, index), Math.floor(Date.now() / 1000));
      if (request.end) {
        const own = new Connection(server.port);
        judge(index, request, await own.send(request.bytes, { end: true }));
        own.close();
      } else judge(index, request, await connection.send(request.bytes));
    }
    connection.close();
  }

  /** Sends all requests up to `until`. Resolves to the memory in use when no request is in flight. */
  async function send(until: number): Promise<number> {
    await Promise.all(Array.from({ length: CONNECTIONS }, () => work(until)));
    // Each connection has taken one number more than there were requests.
    next = until;
    return server.hasEnded ? Number.NaN : server.memory();
  }

  const ticker = setInterval(() => progress(`${next} of ${requests}, ${counts.unexpected} unexpected`), 15_000);
  try {
    const heldMiB = { early: await send(Math.floor(requests * WARM_UP)), late: await send(requests) };
    if (server.hasEnded) {
      unexpected('the server has ended');
    } else {
      const results = await server.results();
      const taken = (['published', 'duplicate', 'collapsed', 'challenge', 'ssl_check'] as const)
        .map((result) => results[result] ?? 0)
        .reduce((sum, count) => sum + count, 0);
      if (taken !== counts.accepted)
        unexpected(`the server accepted ${taken} requests and answered ${counts.accepted} with 200`);
      if ((results['ssl_check'] ?? 0) !== counts.sslChecks) {
        unexpected(`the server counted ${results['ssl_check'] ?? 0} of ${counts.sslChecks} ssl_check requests`);
      }
    }
    if (heldMiB.late - heldMiB.early > GROWTH_MIB) {
      unexpected(`the memory in use grew from ${heldMiB.early} to ${heldMiB.late} MiB`);
    }
    const { accepted, rejected } = counts;
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    return { fuzz: 'ingress', seed, requests, accepted, rejected, unexpected: counts.unexpected, seconds, heldMiB };
  } finally {
    clearInterval(ticker);
    await server.stop();
  }
}

function isAsPromised({ promise, bytes }: FuzzRequest, ending: Ending): boolean {
  if (ending === 'silent') return false;
  // An answer can be lost if the server closes the connection while a body above its limit is being sent.
  if (ending === 'closed') return promise === 'broken' || bytes.length > 4 * 2 ** 20;
  if (ending >= 500 && ending !== 503) return promise === 'broken' && ending === 505;
  switch (promise) {
    case 'taken':
      return ending === 200;
    case 'ssl_check':
    case 'signed':
      return true;
    default:
      return ending >= 400;
  }
}

function excerpt(bytes: Buffer): string {
  return JSON.stringify(bytes.subarray(0, 600).toString('latin1'));
}
