import { openSession, post } from './session.ts';
import { startSlackStub } from './slack-stub.ts';

/** The parameters of a run, from the comparing process. */
export interface LoadOrder {
  readonly port: number;
  readonly sessions: number;
  /** Total number of requests, one at a time in each session. 0: only open the sessions. */
  readonly requests: number;
  readonly method: string;
  readonly params?: object;
}

/** The result of a load run. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

async function load({ port, sessions, requests, method, params = {} }: LoadOrder): Promise<LoadResult> {
  const opened = [];
  for (let index = 0; index < sessions; index += 1) opened.push(await openSession(port));
  let next = 0;
  const latencies: number[] = [];
  const started = performance.now();
  await Promise.all(
    opened.map(async ({ exchange, id }) => {
      const bytes = post(port, { jsonrpc: '2.0', id: 1, method, params }, id);
      while (next < requests) {
        next += 1;
        const sent = performance.now();
        const { status, body } = await exchange.send(bytes);
        latencies.push(performance.now() - sent);
        if (status !== 200 || !body.includes('"result"') || body.includes('"isError":true')) {
          throw new Error(`the server answered ${status}: ${body.slice(0, 300)}`);
        }
      }
      exchange.close();
    }),
  );
  const requestsPerSecond = requests / ((performance.now() - started) / 1000);
  const sorted = Float64Array.from(latencies).sort();
  const percentile = (part: number): number => sorted[Math.floor(part * sorted.length)] ?? 0;
  return { requestsPerSecond, p50Ms: percentile(0.5), p99Ms: percentile(0.99) };
}

process.on('message', (order: LoadOrder) => {
  load(order).then(
    (result) => process.send?.(result),
    (error: Error) => process.send?.({ error: error.message }),
  );
});
process.once('disconnect', () => process.exit());
process.send?.({ slackUrl: await startSlackStub() });
