import { type Exchange, openExchange } from '../http-exchange.ts';
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
}

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'load', version: '1.0.0' } },
};

async function load({ port, sessions, requests, method, params = {} }: LoadOrder): Promise<LoadResult> {
  const opened = [];
  for (let index = 0; index < sessions; index += 1) opened.push(await openSession(port));
  let next = 0;
  const started = performance.now();
  await Promise.all(
    opened.map(async ({ exchange, id }) => {
      const bytes = post(port, { jsonrpc: '2.0', id: 1, method, params }, id);
      while (next < requests) {
        next += 1;
        const { status, body } = await exchange.send(bytes);
        if (status !== 200 || !body.includes('"result"') || body.includes('"isError":true')) {
          throw new Error(`the server answered ${status}: ${body.slice(0, 300)}`);
        }
      }
      exchange.close();
    }),
  );
  return { requestsPerSecond: requests / ((performance.now() - started) / 1000) };
}

async function openSession(port: number): Promise<{ exchange: Exchange; id: string }> {
  const exchange = await openExchange(port);
  const { status, head } = await exchange.send(post(port, INITIALIZE));
  const id = /\r\nmcp-session-id: *(\S+)/i.exec(head)?.[1];
  if (status !== 200 || id === undefined) throw new Error(`no session: the server answered ${status}`);
  await exchange.send(post(port, { jsonrpc: '2.0', method: 'notifications/initialized' }, id));
  return { exchange, id };
}

function post(port: number, message: object, session?: string): Buffer {
  const body = JSON.stringify(message);
  return Buffer.from(
    `POST /mcp HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\n` +
      `accept: application/json, text/event-stream\r\nmcp-protocol-version: 2025-11-25\r\n` +
      `${session === undefined ? '' : `mcp-session-id: ${session}\r\n`}` +
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
process.send?.({ slackUrl: await startSlackStub() });
