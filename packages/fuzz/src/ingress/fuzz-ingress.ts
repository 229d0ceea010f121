import { Chance } from '../chance.ts';
import type { FuzzOptions, FuzzResult } from '../result.ts';
import { Connection, type Ending } from './connection.ts';
import { type FuzzRequest, makeRequest, SECRET } from './request.ts';
import { startServerProcess } from './server-process.ts';

const CONNECTIONS = 32;
/** Most that is said about what is unexpected. */
const SHOWN = 20;
/** MiB that memory may still grow between the second quarter of a run and its last. */
const GROWTH_MIB = 48;

/**
 * Sends the ingress what Slack would never send, and some that it would. The server must not end, answer 5xx other than
 * 503, take what is not signed, refuse what is, or hold on to memory.
 */
export async function fuzzIngress({ requests, seed, progress }: FuzzOptions): Promise<FuzzResult> {
  const server = await startServerProcess([SECRET, 'another-secret-while-rotating']);
  const started = performance.now();
  const counts = { accepted: 0, rejected: 0, unexpected: 0, sslChecks: 0 };
  const early: number[] = [];
  const late: number[] = [];
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

  async function work(): Promise<void> {
    const connection = new Connection(server.port);
    for (let index = next++; index < requests && !server.hasEnded; index = next++) {
      const request = makeRequest(new Chance(seed, index), Math.floor(Date.now() / 1000));
      if (request.end) {
        const own = new Connection(server.port);
        judge(index, request, await own.send(request.bytes, { end: true }));
        own.close();
      } else judge(index, request, await connection.send(request.bytes));
    }
    connection.close();
  }

  const watch = setInterval(() => {
    const part = next / requests;
    if (server.hasEnded || part < 0.25 || (part >= 0.5 && part < 0.75)) return;
    server.memory().then(
      (memory) => (part < 0.5 ? early : late).push(memory),
      () => {},
    );
  }, 500);
  const told = setInterval(() => progress(`${next} of ${requests}, ${counts.unexpected} unexpected`), 15_000);
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, work));
    if (server.hasEnded) {
      unexpected('the server has ended');
    } else {
      const results = await server.results();
      const taken = (['published', 'duplicate', 'collapsed', 'challenge', 'ssl_check'] as const)
        .map((result) => results[result] ?? 0)
        .reduce((sum, count) => sum + count, 0);
      if (taken !== counts.accepted)
        unexpected(`the server took ${taken} requests and answered 200 to ${counts.accepted}`);
      if ((results['ssl_check'] ?? 0) !== counts.sslChecks) {
        unexpected(`the server took ${results['ssl_check'] ?? 0} requests for ssl_check, of ${counts.sslChecks}`);
      }
      if (early.length === 0) early.push(await server.memory());
      if (late.length === 0) late.push(await server.memory());
    }
    const rssMiB = { early: median(early), late: median(late) };
    if (rssMiB.late - rssMiB.early > GROWTH_MIB) unexpected(`memory grew from ${rssMiB.early} to ${rssMiB.late} MiB`);
    const { accepted, rejected } = counts;
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    return { fuzz: 'ingress', seed, requests, accepted, rejected, unexpected: counts.unexpected, seconds, rssMiB };
  } finally {
    clearInterval(watch);
    clearInterval(told);
    await server.stop();
  }
}

function isAsPromised({ promise, bytes }: FuzzRequest, ending: Ending): boolean {
  if (ending === 'silent') return false;
  // An answer can be lost where the server closes while a body above its limit is still being sent.
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

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
