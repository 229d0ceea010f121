import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { capturedLog } from '@slack-mcp/test-support';
import { describe, expect, it, vi } from 'vitest';
import { openHost } from '../../support/open-host.ts';
import { createClient } from '../support/connect-client.ts';
import { listen } from '../support/listen.ts';
import { JSON_HEADERS, openSession, send } from '../support/send.ts';

const CALL = { name: 'slack_read_emojis', arguments: {} };
const BODY = { jsonrpc: '2.0', id: 7, method: 'tools/call', params: CALL };

/** A server whose Slack responds only to an abort. */
async function serve() {
  const log = capturedLog();
  const call = vi.fn(
    (_method: string, _args?: object, { signal }: { signal?: AbortSignal } = {}): Promise<never> =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
  );
  const server = await listen({ host: openHost({ slack: { call }, logger: log, version: '1.2.3' }), logger: log });
  return { mcp: `${server.url}/mcp`, call, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

describe('a cancelled call', () => {
  it('leaves no stream open', async () => {
    await using at = await serve();
    const headers = { ...JSON_HEADERS, 'mcp-session-id': await openSession(at.mcp) };
    const answer = fetch(at.mcp, { method: 'POST', headers, body: JSON.stringify(BODY) }).then((got) => got.text());
    await expect.poll(() => at.call.mock.calls.length, { timeout: 20_000 }).toBeGreaterThan(0);
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } };
    expect((await send(at.mcp, { method: 'POST', headers, body: cancel })).status).toBe(202);
    expect(await answer).toContain('"id":7');
  });

  it('is not resumed by a client if it took too long', async () => {
    await using at = await serve();
    const client = createClient();
    const fetched: (string | undefined)[] = [];
    const transport = new StreamableHTTPClientTransport(new URL(at.mcp), {
      fetch: (url, init) => {
        if (new Headers(init?.headers).has('last-event-id')) fetched.push(init?.method);
        return fetch(url, init);
      },
      reconnectionOptions: {
        initialReconnectionDelay: 10,
        maxReconnectionDelay: 10,
        reconnectionDelayGrowFactor: 1,
        maxRetries: 5,
      },
    });
    await client.connect(transport as unknown as Transport);
    await Promise.allSettled(Array.from({ length: 5 }, () => client.callTool(CALL, undefined, { timeout: 50 })));
    await client.listTools();
    expect(fetched).toEqual([]);
    await client.close();
  });
});

describe('the id of a request', () => {
  it('is rejected for another request while the first is open', async () => {
    await using at = await serve();
    const headers = { ...JSON_HEADERS, 'mcp-session-id': await openSession(at.mcp) };
    const first = fetch(at.mcp, { method: 'POST', headers, body: JSON.stringify(BODY) });
    await expect.poll(() => at.call.mock.calls.length, { timeout: 20_000 }).toBeGreaterThan(0);
    expect(await send(at.mcp, { method: 'POST', headers, body: BODY })).toMatchObject({
      status: 400,
      body: { error: { code: -32600 } },
    });
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } };
    await send(at.mcp, { method: 'POST', headers, body: cancel });
    await (await first).text();
    const ping = { jsonrpc: '2.0', id: 7, method: 'ping' };
    expect((await send(at.mcp, { method: 'POST', headers, body: ping })).body.result).toEqual({});
  });

  it('must be unique in a batch', async () => {
    await using at = await serve();
    const headers = { ...JSON_HEADERS, 'mcp-session-id': await openSession(at.mcp) };
    const ping = { jsonrpc: '2.0', id: 8, method: 'ping' };
    expect(await send(at.mcp, { method: 'POST', headers, body: [ping, ping] })).toMatchObject({
      status: 400,
      body: { error: { code: -32600 } },
    });
  });
});
