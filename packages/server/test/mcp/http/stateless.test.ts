import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { capturedLog } from '@slack-mcp/test-support';
import { describe, expect, it } from 'vitest';
import { openHost } from '../../support/open-host.ts';
import { createClient } from '../support/connect-client.ts';
import { exerciseClient } from '../support/exercise-client.ts';
import { listen } from '../support/listen.ts';
import { INITIALIZE, JSON_HEADERS, send } from '../support/send.ts';
import { startWorkspace } from '../support/start-workspace.ts';

const LIST = { jsonrpc: '2.0', id: 2, method: 'tools/list' };

describe('a server without sessions', () => {
  it('offers a client everything', async () => {
    await using at = await startWorkspace();
    await using server = await listen({ host: at.host, logger: at.log, sessions: 'stateless' });
    const client = createClient();
    const transport = new StreamableHTTPClientTransport(new URL('/mcp', server.url));
    await client.connect(transport as unknown as Transport);
    expect(transport.sessionId).toBeUndefined();
    const { results, emoji } = await exerciseClient(client);
    expect(Object.values(results).filter(({ isError }) => isError)).toEqual([]);
    expect(emoji).toHaveProperty('shipit');
    // What only a session could keep is not offered.
    expect(client.getServerCapabilities()).not.toHaveProperty('logging');
    expect(client.getServerCapabilities()).not.toHaveProperty('tasks');
    expect(client.getServerCapabilities()?.resources).not.toHaveProperty('subscribe');
    await client.close();
  });

  it('answers each request independently, also without an initialization, and stores nothing', async () => {
    await using at = await startWorkspace();
    await using server = await listen({ host: at.host, logger: at.log, sessions: 'stateless' });
    const mcp = `${server.url}/mcp`;
    const listed = await send(mcp, { method: 'POST', headers: JSON_HEADERS, body: LIST });
    expect(listed).toMatchObject({ status: 200, body: { result: { tools: expect.any(Array) } } });
    const opened = await send(mcp, { method: 'POST', headers: JSON_HEADERS, body: INITIALIZE });
    expect(opened.headers).not.toHaveProperty('mcp-session-id');
    expect(at.log.lines.filter(({ event }) => event === 'mcp_session_opened')).toEqual([]);
  });

  it.each(['GET', 'DELETE', 'PUT'])('rejects %s', async (method) => {
    await using at = await startWorkspace();
    await using server = await listen({ host: at.host, logger: at.log, sessions: 'stateless' });
    const headers = { accept: 'text/event-stream', 'mcp-session-id': 'x' };
    expect(await send(`${server.url}/mcp`, { method, headers })).toMatchObject({
      status: 405,
      headers: { allow: 'POST' },
    });
  });

  it('has no SSE, because it needs a session', async () => {
    await using at = await startWorkspace();
    await using server = await listen({ host: at.host, logger: at.log, sessions: 'stateless', transport: 'both' });
    expect((await send(`${server.url}/mcp/sse`)).status).toBe(404);
  });

  it('aborts the call to Slack when the client disconnects', async () => {
    const { promise: called, resolve: call } = Promise.withResolvers<AbortSignal>();
    const slack = {
      call: (_method: string, _args?: object, { signal }: { signal?: AbortSignal } = {}): Promise<never> =>
        new Promise((_resolve, reject) => {
          if (signal === undefined) return;
          signal.addEventListener('abort', () => reject(signal.reason));
          call(signal);
        }),
    };
    const log = capturedLog();
    const host = openHost({ slack, logger: log, version: '1.2.3' });
    await using server = await listen({ host, logger: log, sessions: 'stateless' });
    const gone = new AbortController();
    const answer = fetch(`${server.url}/mcp`, {
      method: 'POST',
      headers: JSON_HEADERS,
      body: JSON.stringify({ ...LIST, method: 'tools/call', params: { name: 'slack_read_emojis' } }),
      signal: gone.signal,
    }).catch(() => {});
    const signal = await called;
    gone.abort();
    await answer;
    await expect.poll(() => signal.aborted, { timeout: 20_000 }).toBe(true);
    await expect.poll(() => log.lines.map(({ fields }) => fields['outcome'])).toEqual(['cancelled']);
  });
});
