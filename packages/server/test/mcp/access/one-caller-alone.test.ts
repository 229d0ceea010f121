import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { MemoryBackend } from '@slack-mcp/backend-memory';
import { createSimulator } from '@slack-mcp/simulator';
import { capturedLog, hang, unrulySlack } from '@slack-mcp/test-support';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createIntegratedServer, type IntegratedServerOptions } from '../../../src/index.ts';
import { SECRET, signedHeaders } from '../../support/signed.ts';
import { openStream } from '../support/event-stream.ts';
import { modernPost } from '../support/modern.ts';
import { type Answer, INITIALIZE, JSON_HEADERS, openSession, send } from '../support/send.ts';

const READER = 'the-key-of-a-reader-0123';
const WRITER = 'the-key-of-a-writer-0123';
const as = (key: string) => ({ authorization: `Bearer ${key}` });

async function serve(options: Partial<IntegratedServerOptions> = {}) {
  const simulator = await createSimulator({ signingSecret: SECRET });
  const backend = new MemoryBackend({ name: crypto.randomUUID() });
  const log = capturedLog();
  const server = createIntegratedServer({
    token: 'xoxb-simulator',
    apiUrl: simulator.url,
    signingSecret: SECRET,
    port: 0,
    backend,
    auth: {
      keys: [
        { name: 'reader', token: READER, rights: 'read' },
        { name: 'writer', token: WRITER },
      ],
    },
    logger: log,
    ...options,
  });
  await server.start();
  onTestFinished(async () => {
    await server.close({ drainTimeoutMs: 0 });
    await backend.close({ drainTimeoutMs: 0 });
    await simulator.close();
  });
  const url = `${server.address}/mcp`;
  let next = 0;
  /** Sends a valid event and measures how long it takes. */
  async function event(): Promise<{ status: number; ms: number }> {
    next += 1;
    const body = JSON.stringify({
      type: 'event_callback',
      api_app_id: 'A0APP00001',
      team_id: 'T0TEAM0001',
      event_id: `Ev${next}`,
      event: { type: 'app_mention', channel: 'C0CHANNEL1', user: 'U0USER0001', text: 'hi', ts: '1700000000.000100' },
    });
    const started = performance.now();
    const { status } = await send(`${server.address}/slack/events`, {
      method: 'POST',
      headers: signedHeaders(body),
      body,
    });
    return { status, ms: performance.now() - started };
  }
  const post = (key: string, body: object | string, headers: Record<string, string> = {}): Promise<Answer> =>
    send(url, { method: 'POST', headers: { ...JSON_HEADERS, ...as(key), ...headers }, body });
  return { server, simulator, url, log, event, post };
}

const call = (id: number, name = 'slack_read_emojis') => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: {} },
});
const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
const LISTEN = { notifications: { resourceSubscriptions: ['slack://emojis'] } };

describe('a batch', () => {
  it.each([
    ['without a session', {}],
    ['of a revision without sessions', { 'mcp-protocol-version': '2026-07-28' }],
    ['of an unknown session', { 'mcp-session-id': 'nobody' }],
  ])('%s is measured before its members are parsed', async (_name, headers) => {
    const { post, event } = await serve();
    const body = `[${'{},'.repeat(1_300_000)}{}]`;
    const attacks = Array.from({ length: 12 }, () => post(READER, body, headers as Record<string, string>));
    const events = await Promise.all(Array.from({ length: 5 }, event));
    expect(events.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const answers = await Promise.all(attacks.map((one) => one.catch(() => undefined)));
    const read = answers.filter((answer) => answer?.status === 400);
    expect(read.length).toBeGreaterThan(1);
    for (const answer of read) {
      expect(answer?.body.error?.code).toBe(-32600);
      expect(answer?.text.length).toBeLessThan(500);
    }
    // Bodies beyond one caller's bytes are not read at all.
    const others = answers.filter((answer) => answer !== undefined && answer.status !== 400);
    expect(new Set(others.map((answer) => answer?.status))).toEqual(new Set([429]));
  });
});

describe('unauthenticated bodies', () => {
  it('share one limit, regardless of their claimed signer', async () => {
    const { server, event } = await serve({
      auth: { slackSigned: { rights: 'read' } },
      quotas: { bodyBytes: 4 * 2 ** 20 },
    });
    const length = 250_000;
    const body = 'x'.repeat(length - 1);
    const head = [
      'POST /mcp HTTP/1.1',
      'host: 127.0.0.1',
      'content-type: application/json',
      `x-slack-signature: v0=${'0'.repeat(64)}`,
      `x-slack-request-timestamp: ${Math.floor(Date.now() / 1000)}`,
      `content-length: ${length}`,
    ].join('\r\n');
    const before = process.memoryUsage();
    const sockets = Array.from({ length: 100 }, () => connect(Number(new URL(server.address).port), '127.0.0.1'));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    const refused: string[] = [];
    for (const socket of sockets) {
      socket.on('error', () => {});
      socket.on('data', (bytes) => refused.push(bytes.toString('latin1').slice(9, 12)));
      socket.write(`${head}\r\n\r\n${body}`);
    }
    // All but those that fit are disconnected; those that withhold their last byte are disconnected first.
    await expect.poll(() => refused.length, { timeout: 50_000 }).toBeGreaterThan(50);
    expect(refused.filter((status) => status !== '503' && status !== '408')).toEqual([]);
    expect((await event()).status).toBe(200);
    const after = process.memoryUsage();
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(50 * 2 ** 20);
  });

  it("are not read if they are too large or not signed in Slack's format", async () => {
    const { server } = await serve({ auth: { slackSigned: { rights: 'read' } } });
    const ask = (headers: Record<string, string>, body: string) =>
      send(`${server.address}/mcp`, { method: 'POST', headers: { ...JSON_HEADERS, ...headers }, body });
    for (const message of [INITIALIZE, list]) {
      const large = JSON.stringify({ ...message, padding: 'x'.repeat(300_000) });
      expect((await ask(signedHeaders(large), large)).status).toBe(413);
    }
    const body = JSON.stringify(INITIALIZE);
    const good = signedHeaders(body);
    expect((await ask(good, body)).status).toBe(200);
    for (const odd of [{ 'x-slack-signature': 'x' }, { 'x-slack-request-timestamp': 'now' }]) {
      expect((await ask({ ...good, ...odd }, body)).status).toBe(401);
    }
  });

  it('leave room for a signed body', async () => {
    const { server } = await serve({
      auth: { slackSigned: { rights: 'read' } },
      quotas: { bodyBytes: 10_000 },
    });
    const sockets = Array.from({ length: 20 }, () => {
      const socket = connect(Number(new URL(server.address).port), '127.0.0.1').on('error', () => {});
      socket.write(
        `POST /mcp HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nx-slack-signature: v0=${'0'.repeat(64)}\r\nx-slack-request-timestamp: 1\r\ncontent-length: 900\r\n\r\n${'x'.repeat(800)}`,
      );
      return socket;
    });
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    const body = JSON.stringify(INITIALIZE);
    const headers = { ...JSON_HEADERS, ...signedHeaders(body) };
    for (let index = 0; index < 5; index += 1) {
      expect((await send(`${server.address}/mcp`, { method: 'POST', headers, body })).status).toBe(200);
    }
  });
});

describe('a caller', () => {
  it('cannot have so many requests in flight that others get none, while Slack does not respond', async () => {
    const slack = await unrulySlack(hang);
    onTestFinished(() => slack[Symbol.asyncDispose]());
    const { url, post, event } = await serve({ apiUrl: slack.url, quotas: { calls: 20, callsPerMinute: 0 } });
    const session = await openSession(url, as(READER));
    const calls = Array.from({ length: 60 }, (_, id) => post(READER, call(id + 10), { 'mcp-session-id': session }));
    const refused: Answer[] = [];
    for (const one of calls) one.then((answer) => answer.status === 429 && refused.push(answer)).catch(() => {});
    await expect.poll(() => refused.length, { timeout: 20_000 }).toBe(50);
    expect(refused[0]).toMatchObject({ headers: { 'retry-after': '1' }, body: { error: { code: -32000 } } });
    // Others continue.
    expect((await event()).status).toBe(200);
    const other = await openSession(url, as(WRITER));
    expect((await post(WRITER, list, { 'mcp-session-id': other })).status).toBe(200);
  });

  it('calls Slack at a limited rate, which does not affect others', async () => {
    const { url, post } = await serve({ quotas: { callsPerMinute: 30 } });
    const session = await openSession(url, as(READER));
    const batch = Array.from({ length: 100 }, (_, id) => call(id));
    const refused = await post(READER, batch, { 'mcp-session-id': session });
    expect(refused).toMatchObject({
      status: 429,
      body: { error: { message: expect.stringMatching(/10 calls at once/) } },
    });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    const several = await Promise.all(
      Array.from({ length: 15 }, (_, id) => post(READER, call(id + 200), { 'mcp-session-id': session })),
    );
    const answered = several.filter(({ status }) => status === 200).length;
    expect([answered >= 10, answered < 15]).toEqual([true, true]);
    // Requests that do not call Slack are still answered, and the other caller has its full share.
    expect((await post(READER, list, { 'mcp-session-id': session })).status).toBe(200);
    const rest = (): Promise<Answer> =>
      send(url.replace('/mcp', '/call_tool'), {
        method: 'POST',
        headers: { ...JSON_HEADERS, ...as(READER) },
        body: { name: 'slack_read_emojis', arguments: {} },
      });
    const overRest = await Promise.all(Array.from({ length: 15 }, rest));
    expect(overRest.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
    const other = await openSession(url, as(WRITER));
    expect((await post(WRITER, call(1), { 'mcp-session-id': other })).status).toBe(200);
  });

  it.each([
    ['tools/call', { name: 'slack_read_emojis', arguments: {} }],
    ['resources/read', { uri: 'slack://emojis' }],
    ['resources/subscribe', { uri: 'slack://emojis' }],
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'x' }, argument: { name: 'channel', value: '' } }],
  ])('counts %s as a call to Slack', async (method, params) => {
    const { url, post } = await serve({ quotas: { callsPerMinute: 6 } });
    const session = { 'mcp-session-id': await openSession(url, as(READER)) };
    const statuses: number[] = [];
    for (let id = 1; id <= 3; id += 1) {
      statuses.push((await post(READER, { jsonrpc: '2.0', id, method, params }, session)).status);
    }
    expect(statuses).toEqual([200, 200, 429]);
  });

  it.each([true, false])('has a limit on its bytes per second, with a content length: %s', async (isAnnounced) => {
    const { url } = await serve({ quotas: { bytesPerSecond: 100 } });
    const body = (bytes: number): string => JSON.stringify({ ...list, padding: 'x'.repeat(bytes) });
    const status = (key: string, text: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const length = isAnnounced ? { 'content-length': text.length } : {};
        const headers = { ...JSON_HEADERS, ...as(key), ...length };
        const sent = request(url, { method: 'POST', headers, agent: false }, (response) => {
          response.on('error', () => {}).resume();
          resolve(response.statusCode);
        });
        sent.on('error', reject);
        // Two writes: Node adds a content length to a single one.
        sent.write(text.slice(0, 1));
        sent.end(text.slice(1));
      });
    // Without a session, a body that was read gets 400.
    expect(await status(READER, body(500))).toBe(400);
    expect(await status(READER, body(700))).toBe(429);
    expect(await status(WRITER, body(500))).toBe(400);
  });

  it('evicts only its own sessions', async () => {
    const { url, post } = await serve({ maxSessions: 10, quotas: { callsPerMinute: 0 } });
    const theirs = await openSession(url, as(WRITER));
    const own: string[] = [];
    for (let index = 0; index < 40; index += 1) own.push(await openSession(url, as(READER)));
    expect((await post(WRITER, list, { 'mcp-session-id': theirs })).status).toBe(200);
    expect((await post(READER, list, { 'mcp-session-id': own.at(-1) ?? '' })).status).toBe(200);
    expect((await post(READER, list, { 'mcp-session-id': own[0] ?? '' })).status).toBe(404);
    expect(
      (await send(url, { method: 'POST', headers: { ...JSON_HEADERS, ...as(WRITER) }, body: INITIALIZE })).status,
    ).toBe(200);
  });

  it('cannot open so many streams of any kind that others get none', async () => {
    const { url, post } = await serve({ quotas: { streams: 8 } });
    const session = await openSession(url, as(READER));
    for (const kind of ['sse', 'get', 'listen'] as const) {
      const streams: { close(): void }[] = [];
      const statuses: number[] = [];
      for (let index = 0; index < 6; index += 1) {
        const own = kind === 'get' ? await openSession(url, as(READER)) : session;
        const stream =
          kind === 'listen'
            ? await openPost(url, modernPost('subscriptions/listen', LISTEN), as(READER))
            : await openStream(kind === 'sse' ? `${url}/sse` : url, own, as(READER));
        streams.push(stream);
        statuses.push(stream.response.statusCode ?? 0);
      }
      expect(statuses, kind).toEqual([200, 200, 200, 200, 429, 429]);
      const other = await openStream(`${url}/sse`, '', as(WRITER));
      expect(other.response.statusCode).toBe(200);
      // Requests are no streams: they are still answered.
      expect((await post(READER, list, { 'mcp-session-id': session })).status).toBe(200);
      for (const stream of [...streams, other]) stream.close();
      await expect.poll(async () => (await openAndClose(`${url}/sse`)).status).toBe(200);
    }
    async function openAndClose(at: string): Promise<{ status: number }> {
      const stream = await openStream(at, '', as(READER));
      stream.close();
      await new Promise((resolve) => stream.response.once('close', resolve));
      return { status: stream.response.statusCode ?? 0 };
    }
    expect((await post(READER, list, { 'mcp-session-id': session })).status).toBe(200);
  });

  it('has a limited number of resource addresses and subscriptions', async () => {
    const { url, post } = await serve({ quotas: { callsPerMinute: 0 } });
    const session = { 'mcp-session-id': await openSession(url, as(READER)) };
    const uri = `slack://channels/${'x'.repeat(3_900_000)}`;
    for (const method of ['resources/subscribe', 'resources/read']) {
      const answer = await post(READER, { jsonrpc: '2.0', id: 5, method, params: { uri } }, session);
      expect(answer.body.error).toMatchObject({ code: -32602, message: expect.stringMatching(/2000 characters/) });
      expect(answer.text.length).toBeLessThan(1_000);
    }
    const listen = (resourceSubscriptions: string[]) => {
      const { headers, body } = modernPost('subscriptions/listen', { notifications: { resourceSubscriptions } });
      return send(url, { method: 'POST', headers: { ...headers, ...as(READER) }, body });
    };
    const many = Array.from({ length: 101 }, (_, index) => `slack://channels/C${index}/messages`);
    expect(await listen(many)).toMatchObject({ status: 400, body: { error: { code: -32602 } } });
    expect(await listen([uri])).toMatchObject({ status: 400, body: { error: { code: -32602 } } });
  });

  it('cannot store more about itself than a session should keep', async () => {
    const { post } = await serve();
    const clientInfo = { name: 'x'.repeat(100_000), version: '1' };
    const answer = await post(READER, { ...INITIALIZE, params: { ...INITIALIZE.params, clientInfo } });
    expect(answer.status).toBe(413);
  });
});

describe('a session that Slack opens', () => {
  const user = (id: string, team = 'T0TEAM0001') => ({ user_id: id, team_id: team });
  const sign = (url: string, message: object, headers: Record<string, string> = {}) => {
    const body = JSON.stringify(message);
    return send(url, { method: 'POST', headers: { ...JSON_HEADERS, ...signedHeaders(body), ...headers }, body });
  };

  it.each([
    ['tasks/result', { taskId: 'x' }],
    ['tasks/get', { taskId: 'x' }],
    ['tasks/list', {}],
    ['tasks/cancel', { taskId: 'x' }],
    ['tools/call', { name: 'slack_read_emojis', arguments: {} }],
    ['resources/read', { uri: 'slack://emojis' }],
    ['resources/subscribe', { uri: 'slack://emojis' }],
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'x' }, argument: { name: 'channel', value: '' } }],
    ['tools/list', {}],
    ['ping', {}],
  ])('answers %s only to teams that are not rejected', async (method, params) => {
    const { url } = await serve({ auth: { slackSigned: { rights: 'read', teams: ['T0TEAM0001'] } } });
    const session = { 'mcp-session-id': String((await sign(url, INITIALIZE)).headers['mcp-session-id']) };
    const ask = (slack: object | undefined) =>
      sign(url, { jsonrpc: '2.0', id: 3, method, params: { ...params, ...(slack && { _meta: { slack } }) } }, session);
    expect((await ask(user('U0ALICE001'))).status).toBe(200);
    expect((await ask(user('U0ALICE001', 'T0OTHER001'))).status).toBe(403);
  });

  it('listens only for teams that are not rejected, also in a revision without sessions', async () => {
    const { url } = await serve({ auth: { slackSigned: { rights: 'read', teams: ['T0TEAM0001'] } } });
    const { headers, body } = modernPost('subscriptions/listen', { notifications: {} });
    const params = {
      ...body.params,
      _meta: { ...(body.params['_meta'] as object), slack: user('U0X0000001', 'T0OTHER001') },
    };
    expect((await sign(url, { ...body, params }, headers)).status).toBe(403);
    expect((await sign(url, body, headers)).status).toBe(403);
  });
});

/** Posts, and leaves the response open. */
function openPost(
  url: string,
  { headers, body }: { headers: Record<string, string>; body: object },
  more: Record<string, string>,
) {
  return new Promise<{ response: IncomingMessage; close(): void }>((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers: { ...headers, ...more }, agent: false }, (response) => {
      response.on('error', () => {}).resume();
      resolve({ response, close: () => sent.destroy() });
    });
    onTestFinished(() => void sent.destroy());
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}
