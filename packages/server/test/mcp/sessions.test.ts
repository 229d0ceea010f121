import { get, type IncomingMessage } from 'node:http';
import { type CapturedLog, capturedLog } from '@slack-mcp/test-support';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { SessionEvents } from '../../src/mcp/http/session-events.ts';
import { openHost } from '../support/open-host.ts';
import { type ListenOptions, listen } from './support/listen.ts';
import { JSON_HEADERS, openSession, send } from './support/send.ts';

const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' };

async function serve(options: Partial<ListenOptions> = {}) {
  const log = capturedLog();
  const slack = {
    async call(): Promise<never> {
      throw new Error('Slack must not be called here');
    },
  };
  const host = openHost({ slack, logger: log, version: '1.2.3' });
  let sessionCount = (): number => 0;
  const onSessionCount = (count: () => number): void => {
    sessionCount = count;
  };
  const server = await listen({ host, logger: log, onSessionCount, ...options });
  const mcp = `${server.url}/mcp`;
  return {
    server,
    log,
    mcp,
    sessionCount: () => sessionCount(),
    use: (session: string, headers: Record<string, string> = {}) =>
      send(mcp, { method: 'POST', headers: { ...JSON_HEADERS, 'mcp-session-id': session, ...headers }, body: list }),
    end: (session: string) =>
      send(mcp, { method: 'DELETE', headers: { 'mcp-session-id': session, 'content-type': 'application/json' } }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Opens a stream and keeps it open. */
function stream(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ response: IncomingMessage; text: () => string; ended: Promise<void> }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: { accept: 'text/event-stream', ...headers }, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      const ended = new Promise<void>((end) => response.once('close', end));
      resolve({ response, text: () => text, ended });
    });
    request.on('error', reject);
    onTestFinished(() => void request.destroy());
  });
}

function closings(log: CapturedLog): unknown[] {
  return log.lines.filter(({ event }) => event === 'mcp_session_closed').map(({ fields }) => fields['reason']);
}

describe('a session of Streamable HTTP', () => {
  it('works until it is ended with DELETE, and then no longer exists', async () => {
    await using at = await serve();
    const session = await openSession(at.mcp);
    expect((await at.use(session)).status).toBe(200);
    expect((await at.end(session)).status).toBe(200);
    expect(await at.use(session)).toMatchObject({ status: 404, body: { error: { code: -32001 } } });
    expect((await at.end(session)).status).toBe(404);
    expect(closings(at.log)).toEqual(['ended by the client']);
  });

  it('ends after it was idle for too long', async () => {
    await using at = await serve({ sessionIdleMs: 100 });
    const session = await openSession(at.mcp);
    await expect.poll(() => closings(at.log), { timeout: 20_000 }).toEqual(['idle']);
    expect((await at.use(session)).status).toBe(404);
  });

  it('lasts as long as it has an open stream, and receives keep-alives on it', async () => {
    await using at = await serve({ sessionIdleMs: 2_000, keepAliveMs: 200 });
    const session = await openSession(at.mcp);
    const open = await stream(at.mcp, { 'mcp-session-id': session });
    await expect.poll(() => (open.text().match(/: keepalive/g) ?? []).length, { timeout: 30_000 }).toBeGreaterThan(14);
    expect(closings(at.log)).toEqual([]);
    open.response.destroy();
    await expect.poll(() => closings(at.log), { timeout: 20_000 }).toEqual(['idle']);
  });

  it('is replaced by a new one after being idle the longest', async () => {
    await using at = await serve({ maxSessions: 2 });
    const [first, second] = [await openSession(at.mcp), await openSession(at.mcp)];
    await at.use(first);
    const third = await openSession(at.mcp);
    expect((await at.use(first)).status).toBe(200);
    expect((await at.use(second)).status).toBe(404);
    expect((await at.use(third)).status).toBe(200);
    expect(closings(at.log)).toEqual(['made room']);
  });

  it('is rejected if all others are in use', async () => {
    await using at = await serve({ maxSessions: 2 });
    const session = await openSession(at.mcp);
    await stream(at.mcp, { 'mcp-session-id': session });
    await stream(`${at.mcp}/sse`);
    const refused = await send(at.mcp, {
      method: 'POST',
      headers: JSON_HEADERS,
      body: {
        ...list,
        method: 'initialize',
        params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '0' } },
      },
    });
    expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '30' } });
    expect((await send(`${at.mcp}/sse`)).status).toBe(503);
    expect((await at.use(session)).status).toBe(200);
  });

  it('belongs to the key that opened it', async () => {
    await using at = await serve({ auth: { keys: ['mine', 'yours'] } });
    const mine = { authorization: 'Bearer mine' };
    const session = await openSession(at.mcp, mine);
    expect((await at.use(session, { authorization: 'Bearer yours' })).status).toBe(404);
    expect((await at.use(session, mine)).status).toBe(200);
  });

  it('is not kept if opening it fails', async () => {
    await using at = await serve();
    for (let index = 0; index < 5; index += 1) {
      await send(at.mcp, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/html' },
        body: {
          ...list,
          method: 'initialize',
          params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '0' } },
        },
      });
    }
    expect(at.log.lines.filter(({ event }) => event === 'mcp_session_opened')).toEqual([]);
  });

  it('is named in the log by a value that cannot be used as its id', async () => {
    await using at = await serve();
    const session = await openSession(at.mcp);
    await at.end(session);
    expect(at.log.lines.map(({ event }) => event)).toEqual(['mcp_session_opened', 'mcp_session_closed']);
    expect(at.log.lines[0]?.fields['session']).toBe(at.log.lines[1]?.fields['session']);
    expect(at.log.text()).not.toContain(session);
  });
});

describe('a session of SSE', () => {
  it('ends with its stream', async () => {
    await using at = await serve();
    const open = await stream(`${at.mcp}/sse`);
    await expect.poll(open.text).toContain('event: endpoint');
    const path = /data: (\S+)/.exec(open.text())?.[1] ?? '';
    expect(path).toMatch(/^\/mcp\/messages\?sessionId=/);
    const post = () => send(`${at.server.url}${path}`, { method: 'POST', headers: JSON_HEADERS, body: list });
    expect((await post()).status).toBe(202);
    await expect.poll(open.text).toContain('slack_post_message');
    expect(
      (await send(`${at.server.url}${path}`, { method: 'POST', headers: JSON_HEADERS, body: { no: 'message' } })).body
        .error?.code,
    ).toBe(-32600);
    open.response.destroy();
    await expect.poll(() => closings(at.log)).toEqual(['ended by the client']);
    expect((await post()).status).toBe(404);
  });

  it('does not end when idle, and receives keep-alives', async () => {
    await using at = await serve({ sessionIdleMs: 20, keepAliveMs: 20 });
    const open = await stream(`${at.mcp}/sse`);
    await expect.poll(() => (open.text().match(/: keepalive/g) ?? []).length, { timeout: 20_000 }).toBeGreaterThan(5);
    expect(closings(at.log)).toEqual([]);
    expect(open.response.headers).toMatchObject({ 'x-accel-buffering': 'no', 'x-correlation-id': expect.any(String) });
  });
});

describe('an SSE client that does not read', () => {
  it('is disconnected before its answers fill the memory', async () => {
    await using at = await serve();
    const open = await stream(`${at.mcp}/sse`);
    await expect.poll(open.text).toContain('event: endpoint');
    open.response.pause();
    const path = /data: (\S+)/.exec(open.text())?.[1] ?? '';
    const post = () => send(`${at.server.url}${path}`, { method: 'POST', headers: JSON_HEADERS, body: list });
    let posts = 0;
    while ((await Promise.all(Array.from({ length: 50 }, post))).every(({ status }) => status === 202)) {
      posts += 50;
      if (posts > 20_000) break;
    }
    expect(posts).toBeLessThan(20_000);
    await expect.poll(() => closings(at.log), { timeout: 20_000 }).toEqual(['ended by the client']);
  });
});

describe('closing the server', () => {
  it('ends every stream and session', async () => {
    const at = await serve();
    const session = await openSession(at.mcp);
    const streams = [await stream(at.mcp, { 'mcp-session-id': session }), await stream(`${at.mcp}/sse`)];
    await openSession(at.mcp);
    await at.server.app.close();
    await Promise.all(streams.map(({ ended }) => ended));
    expect(closings(at.log)).toEqual(['shutdown', 'shutdown', 'shutdown']);
  });
});

describe('a thousand clients that never close their sessions', () => {
  it('leave nothing behind after the idle time', async () => {
    const budgets = vi.spyOn(SessionEvents.prototype, 'clear');
    onTestFinished(() => budgets.mockRestore());
    await using at = await serve({ sessionIdleMs: 500, maxSessions: 1_000 });
    const clients = 1_000;
    for (let opened = 0; opened < clients; opened += 50) {
      await Promise.all(Array.from({ length: 50 }, () => openSession(at.mcp)));
    }
    await expect.poll(() => closings(at.log).length, { timeout: 60_000 }).toBe(clients);
    expect(new Set(closings(at.log))).toEqual(new Set(['idle']));
    expect(at.sessionCount()).toBe(0);
    expect(budgets).toHaveBeenCalledTimes(clients);
  });
});
