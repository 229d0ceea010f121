import { createHmac, randomBytes } from 'node:crypto';
import { openExchange } from '../http-exchange.ts';

/** The result of a load run. */
export interface LoadResult {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
}

/** The parameters of a run, from the comparing process. */
export interface LoadOrder {
  port: number;
  secret: string;
  requests: number;
  connections: number;
}

/** Sends signed events with unique ids over persistent connections, one at a time on each. */
async function load({ port, secret, requests, connections }: LoadOrder): Promise<LoadResult> {
  const run = randomBytes(4).toString('hex');
  // Sign before the measurement starts.
  const prepared = Array.from({ length: requests }, (_, index) => signedRequest(secret, `Ev${run}${index}`));
  const latencies = new Float64Array(requests);
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const exchange = await openExchange(port);
      for (let index = next++; index < requests; index = next++) {
        const sent = performance.now();
        const { status } = await exchange.send(prepared[index] as Buffer);
        if (status !== 200) throw new Error(`the server answered ${status}`);
        latencies[index] = performance.now() - sent;
      }
      exchange.close();
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  latencies.sort();
  const at = (part: number): number => latencies[Math.floor(part * (requests - 1))] ?? 0;
  return { requestsPerSecond: requests / seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}

function signedRequest(secret: string, eventId: string): Buffer {
  const body = JSON.stringify({
    token: 'XXYYZZ',
    team_id: 'T061EG9R6',
    api_app_id: 'A0FFV41KK',
    event: {
      type: 'app_mention',
      user: 'U061F7AUR',
      text: '<@U0LAN0Z89> is it everything a river should be?',
      ts: '1515449522.000016',
      channel: 'C123ABC456',
      event_ts: '1515449522000016',
      blocks: [{ type: 'rich_text', block_id: 'b', elements: [{ type: 'text', text: 'is it everything?' }] }],
    },
    type: 'event_callback',
    event_id: eventId,
    event_time: 1515449522,
    authorizations: [{ enterprise_id: null, team_id: 'T061EG9R6', user_id: 'U0LAN0Z89', is_bot: true }],
    is_ext_shared_channel: false,
    event_context: '4-eyJldCI6ImFwcF9tZW50aW9uIn0',
  });
  const timestamp = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return Buffer.from(
    `POST /slack/events HTTP/1.1\r\nhost: 127.0.0.1:3000\r\nuser-agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n` +
      `accept-encoding: gzip,deflate\r\naccept: */*\r\nx-slack-signature: v0=${signature}\r\n` +
      `x-slack-request-timestamp: ${timestamp}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

process.on('message', (order: LoadOrder) => {
  load(order).then(
    (result) => process.send?.(result),
    (error: Error) => process.send?.({ error: error.message }),
  );
});
process.once('disconnect', () => process.exit());
