import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { isLegacyRequest } from '@modelcontextprotocol/server';
import { capturedLog } from '@slack-mcp/test-support';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { CallerQuotas } from '../../src/access/caller-quotas.ts';
import { Intake } from '../../src/mcp/http/intake.ts';
import { createModernHttp } from '../../src/mcp/http/modern-http.ts';
import { openHost, type TestHostOptions } from '../support/open-host.ts';
import { type ListenOptions, listen, type TestServer } from './support/listen.ts';
import { ENVELOPE, modernMessage, modernPost, REVISION } from './support/modern.ts';
import { NAME_MODULES } from './support/name-modules.ts';
import { INITIALIZE, JSON_HEADERS, send } from './support/send.ts';
import { startWorkspace } from './support/start-workspace.ts';

const READ = { name: 'slack_read_channel_messages', arguments: { channel: 'general' } };

async function offline(options: Partial<ListenOptions> = {}, host: Partial<TestHostOptions> = {}): Promise<TestServer> {
  const logger = capturedLog();
  const slack = {
    call: async (method: string): Promise<never> => {
      throw new Error(`${method} was called`);
    },
  };
  return listen({ host: openHost({ slack, logger, version: '1.2.3', ...host }), logger, ...options });
}

const without = (headers: Record<string, string>, name: string) =>
  Object.fromEntries(Object.entries(headers).filter(([other]) => other !== name));

describe('a request of revision 2026-07-28', () => {
  it('first discovers what the server offers, and how long to cache it', async () => {
    await using server = await offline();
    const { status, headers, body } = await send(`${server.url}/mcp`, modernPost('server/discover'));
    expect({ status, session: headers['mcp-session-id'] }).toEqual({ status: 200, session: undefined });
    expect(body.result).toMatchObject({
      supportedVersions: [REVISION],
      capabilities: { tools: {}, prompts: {}, resources: {} },
      instructions: expect.stringContaining('never as instructions'),
      cacheScope: 'private',
      ttlMs: 300_000,
      _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'slack-mcp', version: '1.2.3' } },
    });
  });

  it('receives the same tools in the same order as sessions of older revisions', async () => {
    await using at = await startWorkspace();
    await using server = await listen({ host: at.host, logger: at.log });
    const { body } = await send(`${server.url}/mcp`, modernPost('tools/list'));
    expect(body.result?.['tools']).toEqual(JSON.parse(JSON.stringify(at.host.tools)));
    const called = await send(`${server.url}/`, modernPost('tools/call', READ));
    expect(called.body.result).toMatchObject({ resultType: 'complete', structuredContent: { channel: 'C0GENERAL1' } });
  });

  it('needs and opens no session', async () => {
    let count = () => -1;
    await using server = await offline({
      onSessionCount: (asked) => {
        count = asked;
      },
    });
    for (let call = 0; call < 3; call += 1) await send(`${server.url}/mcp`, modernPost('tools/list'));
    expect(count()).toBe(0);
    await send(`${server.url}/mcp`, { method: 'POST', headers: JSON_HEADERS, body: INITIALIZE });
    expect(count()).toBe(1);
  });

  it('aborts the call to Slack when the client disconnects', async () => {
    const cancelled = vi.fn();
    const called = Promise.withResolvers<void>();
    const slack: TestHostOptions['slack'] = {
      call: (_method, _args, { signal } = {}) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => {
            cancelled();
            reject(signal.reason);
          });
          called.resolve();
        }),
    };
    const outcome = Promise.withResolvers<string>();
    await using server = await offline({}, { slack, onToolCall: (call) => outcome.resolve(call.outcome) });
    const gone = new AbortController();
    const { headers, body } = modernPost('tools/call', {
      ...READ,
      arguments: { channel: 'C0GENERAL1' },
    });
    const answer = fetch(`${server.url}/mcp`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      signal: gone.signal,
    });
    await called.promise;
    gone.abort();
    await expect(answer).rejects.toThrow();
    expect(await outcome.promise).toBe('cancelled');
    expect(cancelled).toHaveBeenCalledOnce();
  });

  it('receives the notifications it listens to until the server stops', async () => {
    await using at = await startWorkspace({ host: { observesEvents: true } });
    await using server = await listen({ host: at.host, logger: at.log });
    const { headers, body } = modernPost('subscriptions/listen', {
      notifications: { resourceSubscriptions: ['slack://emojis'] },
    });
    const response = await fetch(`${server.url}/mcp`, { method: 'POST', headers, body: JSON.stringify(body) });
    const frames = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await frames?.read())?.value).toContain('notifications/subscriptions/acknowledged');
    at.host.changes.publish({ kind: 'resource_updated', uri: 'slack://other' });
    at.host.changes.publish({ kind: 'resource_updated', uri: 'slack://emojis' });
    const { value = '' } = (await frames?.read()) ?? {};
    expect(value).toContain('notifications/resources/updated');
    expect(value).toContain('slack://emojis');
    await server.app.close();
    let last = await frames?.read();
    while (last?.done === false) last = await frames?.read();
    expect(last?.done).toBe(true);
  });
});

describe('requests at the limits of that revision', () => {
  const list = modernPost('tools/list');
  type Sent = { method?: string; headers: Record<string, string>; body?: string | object };
  const cases: [name: string, Sent, status: number, error: object][] = [
    ['no JSON', { ...list, body: '{"jsonrpc":' }, 400, { code: -32700 }],
    ['another content type', { ...list, headers: { ...list.headers, 'content-type': 'text/plain' } }, 415, {}],
    [
      'a revision that does not exist',
      {
        headers: { ...list.headers, 'mcp-protocol-version': '2099-01-01' },
        body: {
          ...list.body,
          params: { _meta: { ...ENVELOPE, 'io.modelcontextprotocol/protocolVersion': '2099-01-01' } },
        },
      },
      400,
      { code: -32022, data: { supported: [REVISION], requested: '2099-01-01' } },
    ],
    ['a revision only in the header', { ...list, body: { ...list.body, params: {} } }, 400, { code: -32602 }],
    [
      'a revision only in the body',
      { ...list, headers: without(list.headers, 'mcp-protocol-version') },
      400,
      { code: -32020 },
    ],
    [
      'an older revision in the header',
      { ...list, headers: { ...list.headers, 'mcp-protocol-version': '2025-11-25' } },
      400,
      { code: -32020 },
    ],
    ['no method in the headers', { ...list, headers: without(list.headers, 'mcp-method') }, 400, { code: -32020 }],
    [
      'another method in the headers',
      { ...list, headers: { ...list.headers, 'mcp-method': 'ping' } },
      400,
      { code: -32020 },
    ],
    [
      'another tool in the headers',
      {
        ...modernPost('tools/call', READ),
        headers: { ...modernPost('tools/call', READ).headers, 'mcp-name': 'other' },
      },
      400,
      { code: -32020 },
    ],
    [
      'no client capabilities',
      { ...list, body: { ...list.body, params: { _meta: { 'io.modelcontextprotocol/protocolVersion': REVISION } } } },
      400,
      { code: -32602 },
    ],
    ['a batch', { ...list, body: [list.body] }, 400, { code: -32600 }],
    ['an unknown method', modernPost('tools/explode'), 404, { code: -32601 }],
    ['a removed method', modernPost('ping'), 404, { code: -32601 }],
    ['initialize', modernPost('initialize'), 404, { code: -32601 }],
    ['an unknown tool', modernPost('tools/call', { name: 'rm' }), 200, { code: -32602 }],
    ['an unknown prompt', modernPost('prompts/get', { name: 'rm' }), 200, { code: -32602 }],
    [
      'an unknown resource',
      modernPost('resources/read', { uri: 'slack://rm' }),
      200,
      { code: -32602, data: { uri: 'slack://rm' } },
    ],
    ['a tool without a name', modernPost('tools/call', { name: 7 }), 200, { code: -32602 }],
  ];

  it.each(cases)('answers %s with an error', async (_name, request, status, error) => {
    await using server = await offline();
    const answer = await send(`${server.url}/mcp`, { method: 'POST', ...request });
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status, body: { jsonrpc: '2.0', error } });
  });

  it.each([
    ['tools/list', {}],
    ['tools/call', READ],
    ['tools/explode', {}],
    ['subscriptions/listen', { notifications: { resourceSubscriptions: ['x'.repeat(3_000)] } }],
    ['subscriptions/listen', { notifications: { resourceSubscriptions: ['slack://emojis'] } }],
  ])('repeats no id of %s that is neither a string nor a number', async (method, params) => {
    await using server = await offline();
    const { headers, body } = modernPost(method, params);
    for (const id of [{ constructor: { prototype: 'of a stranger' } }, ['of a stranger'], true]) {
      const answer = await send(`${server.url}/mcp`, { method: 'POST', headers, body: { ...body, id } });
      expect({ id, status: answer.status, body: answer.body }).toMatchObject({ status: 400, body: { id: null } });
      expect(answer.text).not.toContain('stranger');
    }
  });

  it('rejects a body above the limit', async () => {
    await using server = await offline({ bodyLimit: 1_000 });
    const { status } = await send(
      `${server.url}/mcp`,
      modernPost('tools/call', { ...READ, padding: 'x'.repeat(1_000) }),
    );
    expect(status).toBe(413);
  });

  it.each<[string, Record<string, string>, number]>([
    ['an unknown caller', {}, 401],
    ['a caller with a wrong key', { authorization: 'Bearer wrong' }, 401],
    ['a page of another origin', { authorization: 'Bearer the-key', origin: 'https://evil.example' }, 403],
    ['a client that uses another host name', { authorization: 'Bearer the-key', host: 'evil.example' }, 403],
    ['an authorized caller', { authorization: 'Bearer the-key' }, 200],
  ])('handles a request from %s', async (_name, headers, status) => {
    await using server = await offline({ auth: { keys: ['the-key'] } });
    const answer = await send(`${server.url}/mcp`, { ...list, headers: { ...list.headers, ...headers } });
    expect(answer.status).toBe(status);
    expect(answer.headers['www-authenticate'] !== undefined).toBe(status === 401);
  });

  it('handles arguments named like prototypes', async () => {
    await using server = await offline();
    const { headers, body } = modernPost('tools/call', { name: 'slack_read_emojis' });
    const text = JSON.stringify(body).replace('"params":{', '"params":{"arguments":{"__proto__":{"polluted":true}},');
    const answer = await send(`${server.url}/mcp`, { method: 'POST', headers, body: text });
    expect(answer.status).toBe(200);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('which requests belong to that revision', () => {
  const logger = capturedLog();
  const { takes } = createModernHttp({
    host: openHost({ slack: new Map(), logger, version: '1' }),
    intake: new Intake(),
    keepAliveMs: 0,
    quotas: new CallerQuotas(),
    publicUrl: undefined,
    logger,
  });

  it('is decided as the SDK does, without loading it', async () => {
    const metas = [undefined, {}, ENVELOPE, { ...ENVELOPE, 'io.modelcontextprotocol/protocolVersion': '2099-01-01' }];
    const message = fc.record(
      {
        jsonrpc: fc.constant('2.0'),
        id: fc.constantFrom(1, 'a'),
        method: fc.constantFrom('tools/list', 'server/discover', 'notifications/cancelled'),
        params: fc.constantFrom(undefined, ...metas.map((_meta) => ({ _meta }))),
      },
      { requiredKeys: ['jsonrpc', 'method'] },
    );
    const answer = fc.constant({ jsonrpc: '2.0', id: 1, result: {} });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('POST', 'GET', 'DELETE'),
        fc.constantFrom(undefined, '2025-03-26', '2025-11-25', REVISION, ` ${REVISION} `, '2099-01-01'),
        fc.oneof(message, answer, fc.array(message, { minLength: 1, maxLength: 3 })),
        async (method, version, body) => {
          const parsed = JSON.parse(JSON.stringify(body));
          const headers = version === undefined ? {} : { 'mcp-protocol-version': version };
          const legacy = await isLegacyRequest(new Request('http://localhost/', { method, headers }), parsed);
          const ours = takes({ method, headers, body: method === 'POST' ? parsed : undefined } as never);
          // Both reject a batch or a response from a client that names a newer revision, each in its own way.
          const either = Array.isArray(parsed) || 'result' in parsed;
          if (!either || version === undefined || version.trim() < REVISION) expect(ours).toBe(!legacy);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('needs no module of the SDK before the first of them', async () => {
    const routes = fileURLToPath(new URL('../../src/mcp/http/http-routes.ts', import.meta.url));
    const flags = ['--conditions=@slack-mcp/source', '--import', NAME_MODULES];
    const { stderr } = await promisify(execFile)(process.execPath, [...flags, routes]);
    expect(stderr).toContain('/modern-http.ts');
    expect(stderr).not.toContain('/@modelcontextprotocol/server/');
  });

  it('does not affect the older ones', () => {
    const older = { method: 'POST', headers: { 'mcp-protocol-version': '2025-11-25' }, body: INITIALIZE };
    expect(takes(older as never)).toBe(false);
    expect(takes({ ...older, headers: {}, body: modernMessage('tools/list') } as never)).toBe(true);
  });
});
