import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JsonObject } from '@slack-mcp/core';
import { capturedLog } from '@slack-mcp/test-support';
import { describe, expect, it } from 'vitest';
import { openHost } from '../../support/open-host.ts';
import { createClient } from '../support/connect-client.ts';
import { openStream } from '../support/event-stream.ts';
import { listen } from '../support/listen.ts';
import { JSON_HEADERS, openSession, send } from '../support/send.ts';

const EMOJIS = 'slack://emojis';

/** A server whose Slack responds when the test lets it. */
async function serve() {
  const log = capturedLog();
  const calls: PromiseWithResolvers<JsonObject>[] = [];
  const slack = {
    call(method: string): Promise<JsonObject> {
      const call = Promise.withResolvers<JsonObject>();
      // The other calls read the names of channels in the background.
      if (method === 'emoji.list') calls.push(call);
      return call.promise;
    },
  };
  const host = openHost({ slack, logger: log, version: '1.2.3', observesEvents: true });
  const server = await listen({ host, logger: log });
  const mcp = `${server.url}/mcp`;
  return {
    host,
    server,
    mcp,
    calls,
    async subscribed(): Promise<string> {
      const session = await openSession(mcp);
      const body = { jsonrpc: '2.0', id: 2, method: 'resources/subscribe', params: { uri: EMOJIS } };
      const headers = { ...JSON_HEADERS, 'mcp-session-id': session };
      expect((await send(mcp, { method: 'POST', headers, body })).body.result).toEqual({});
      return session;
    },
    update(count: number): void {
      for (let index = 0; index < count; index += 1) {
        host.changes.publish({ kind: 'resource_updated', uri: EMOJIS });
      }
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

describe('a call whose connection breaks', () => {
  it('is answered once on the next connection', async () => {
    await using at = await serve();
    const client = createClient();
    const errors: Error[] = [];
    client.onerror = (error) => errors.push(error);
    let streams = 0;
    const transport = new StreamableHTTPClientTransport(new URL(at.mcp), {
      async fetch(url, init) {
        const response = await fetch(url, init);
        if (init?.method === 'POST' && response.headers.get('content-type') === 'text/event-stream') streams += 1;
        return response;
      },
      reconnectionOptions: {
        initialReconnectionDelay: 50,
        maxReconnectionDelay: 200,
        reconnectionDelayGrowFactor: 1.5,
        maxRetries: 50,
      },
    });
    await client.connect(transport as unknown as Transport);
    streams = 0;
    const result = client.callTool({ name: 'slack_read_emojis', arguments: {} });
    await expect.poll(() => [at.calls.length, streams], { timeout: 20_000 }).toEqual([1, 1]);
    at.server.app.server.closeAllConnections();
    await expect.poll(() => errors.length, { timeout: 20_000 }).toBeGreaterThan(0);
    at.calls[0]?.resolve({ ok: true, emoji: { party: 'https://example.com/party.png' } });
    expect((await result).structuredContent).toMatchObject({ names: ['party'] });
    expect(at.calls).toHaveLength(1);
    await client.close();
  });
});

describe('the stream of a call', () => {
  const REVISION = { 'mcp-protocol-version': '2025-11-25' };
  const EMOJI_LIST = { ok: true, emoji: { party: 'https://example.com/party.png' } };
  const call = (more: object = {}) => ({
    ...{ jsonrpc: '2.0', id: 'call', method: 'tools/call' },
    params: { name: 'slack_read_emojis', arguments: {}, ...more },
  });
  const answers = (stream: { events(): { data: unknown }[] }) =>
    stream.events().filter(({ data }) => data !== undefined);

  it('continues on a new connection while the call is in progress, and ends the old connection', async () => {
    await using at = await serve();
    const session = await openSession(at.mcp);
    const first = await openStream(at.mcp, session, REVISION, call());
    await expect.poll(() => first.events().length, { timeout: 20_000 }).toBe(1);
    const begin = first.events()[0];
    expect(begin?.data).toBeUndefined();
    const second = await openStream(at.mcp, session, { ...REVISION, 'last-event-id': String(begin?.id) });
    await expect.poll(() => first.response.complete, { timeout: 20_000 }).toBe(true);
    at.calls[0]?.resolve(EMOJI_LIST);
    await expect.poll(() => second.response.complete, { timeout: 20_000 }).toBe(true);
    expect(answers(second)).toMatchObject([
      { data: { id: 'call', result: { structuredContent: { names: ['party'] } } } },
    ]);
    expect(answers(first)).toEqual([]);
    expect(at.calls).toHaveLength(1);

    const third = await openStream(at.mcp, session, { ...REVISION, 'last-event-id': String(begin?.id) });
    await expect.poll(() => answers(third).length, { timeout: 20_000 }).toBe(1);
    expect(answers(third)).toEqual(answers(second));
  });

  it('repeats the notices that the client has missed', async () => {
    await using at = await serve();
    const session = await openSession(at.mcp);
    const params = {
      name: 'slack_add_reactions',
      arguments: { channel: 'C0123456789', timestamp: '1700000000.000100', emojis: ['eyes', 'tada'] },
      _meta: { progressToken: 'a' },
    };
    const first = await openStream(at.mcp, session, REVISION, call(params));
    await expect.poll(() => answers(first).length, { timeout: 20_000 }).toBe(1);
    const begin = String(first.events()[0]?.id);
    const second = await openStream(at.mcp, session, { ...REVISION, 'last-event-id': begin });
    await expect.poll(() => answers(second).length, { timeout: 20_000 }).toBe(1);
    expect(answers(second)).toEqual(answers(first));
    expect(answers(second)).toMatchObject([{ data: { method: 'notifications/progress' } }]);
  });

  it('begins without an empty event for a client of an earlier revision', async () => {
    await using at = await serve();
    const session = await openSession(at.mcp);
    const stream = await openStream(at.mcp, session, { 'mcp-protocol-version': '2025-06-18' }, call());
    at.calls[0]?.resolve(EMOJI_LIST);
    await expect.poll(() => stream.response.complete, { timeout: 20_000 }).toBe(true);
    expect(stream.events()).toMatchObject([{ id: expect.any(String), data: { id: 'call' } }]);
  });

  it('ends with an error when its session ends', async () => {
    await using at = await serve();
    const session = await openSession(at.mcp);
    const stream = await openStream(at.mcp, session, REVISION, call());
    await send(at.mcp, { method: 'DELETE', headers: { 'mcp-session-id': session } });
    await expect.poll(() => stream.response.complete, { timeout: 20_000 }).toBe(true);
    expect(answers(stream)).toMatchObject([{ data: { id: 'call', error: { code: -32000 } } }]);
  });

  it('ends with an empty result when the client cancels the call', async () => {
    await using at = await serve();
    const session = await openSession(at.mcp);
    const stream = await openStream(at.mcp, session, REVISION, call());
    const body = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'call' } };
    await send(at.mcp, { method: 'POST', headers: { ...JSON_HEADERS, 'mcp-session-id': session }, body });
    await expect.poll(() => stream.response.complete, { timeout: 20_000 }).toBe(true);
    expect(answers(stream)).toMatchObject([{ data: { id: 'call', result: {} } }]);
    at.calls[0]?.resolve(EMOJI_LIST);
    const again = openStream(at.mcp, session, REVISION, call());
    await expect.poll(() => at.calls.length, { timeout: 20_000 }).toBe(2);
    at.calls[1]?.resolve(EMOJI_LIST);
    await expect.poll(async () => answers(await again).length, { timeout: 20_000 }).toBe(1);
  });

  it('reports an unknown tool as an error of the protocol', async () => {
    await using at = await serve();
    const session = await openSession(at.mcp);
    const stream = await openStream(at.mcp, session, REVISION, call({ name: 'slack_no_such_tool' }));
    await expect.poll(() => stream.response.complete, { timeout: 20_000 }).toBe(true);
    expect(answers(stream)).toMatchObject([{ data: { id: 'call', error: { code: -32602 } } }]);
  });
});

describe('a resumed stream', () => {
  it('sends missed and new events in order, each exactly once', async () => {
    await using at = await serve();
    const session = await at.subscribed();
    const first = await openStream(at.mcp, session);
    at.update(3);
    await expect.poll(() => first.events().length, { timeout: 20_000 }).toBe(3);
    const ids = first.events().map(({ id }) => id);
    first.close();

    at.update(5);
    const opening = openStream(at.mcp, session, { 'last-event-id': String(ids[1]) });
    at.update(2);
    const second = await opening;
    at.update(2);
    await expect.poll(() => second.events().length, { timeout: 20_000 }).toBe(1 + 5 + 2 + 2);
    const again = second.events();
    expect(again[0]?.id).toBe(ids[2]);
    expect(new Set(again.map(({ id }) => id)).size).toBe(again.length);
    const numbers = again.map(({ id }) => Number(id?.split('.')[1]));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(again.every(({ data }) => data?.params?.['uri'] === EMOJIS)).toBe(true);
  });

  it.each(['abcdefgh.1', '1', 'another session'])(
    'is rejected with a clear error for the event %j',
    async (lastEventId) => {
      await using at = await serve();
      const session = await at.subscribed();
      let id = lastEventId;
      if (lastEventId === 'another session') {
        const other = await at.subscribed();
        const stream = await openStream(at.mcp, other);
        at.update(1);
        await expect.poll(() => stream.events().length, { timeout: 20_000 }).toBe(1);
        id = String(stream.events()[0]?.id);
      }
      const headers = { accept: 'text/event-stream', 'mcp-session-id': session, 'last-event-id': id };
      expect(await send(at.mcp, { headers })).toMatchObject({
        status: 400,
        body: {
          error: { message: expect.stringContaining('Last-Event-ID does not match a stored event of this session') },
        },
      });
    },
  );

  it('ends with its session', async () => {
    await using at = await serve();
    const session = await at.subscribed();
    const stream = await openStream(at.mcp, session);
    at.update(1);
    await expect.poll(() => stream.events().length, { timeout: 20_000 }).toBe(1);
    const lastEventId = String(stream.events()[0]?.id);
    await send(at.mcp, { method: 'DELETE', headers: { 'mcp-session-id': session } });
    const headers = { accept: 'text/event-stream', 'mcp-session-id': session, 'last-event-id': lastEventId };
    expect((await send(at.mcp, { headers })).status).toBe(404);
  });
});

describe('a client that does not read its stream', () => {
  it('is disconnected, and can resume the stream', async () => {
    await using at = await serve();
    const session = await at.subscribed();
    const stream = await openStream(at.mcp, session);
    at.update(1);
    await expect.poll(() => stream.events().length, { timeout: 20_000 }).toBe(1);
    stream.response.pause();
    let sent = 0;
    const connections = () =>
      new Promise<number>((resolve) => at.server.app.server.getConnections((_error, count) => resolve(count)));
    expect(await connections()).toBe(1);
    while ((await connections()) > 0 && sent < 1_000_000) {
      at.update(1_000);
      sent += 1_000;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(sent).toBeLessThan(1_000_000);
    const again = await openStream(at.mcp, session);
    at.update(1);
    await expect.poll(() => again.events().length, { timeout: 20_000 }).toBe(1);
  });
});
