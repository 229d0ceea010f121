import { capturedLog } from '@slack-mcp/test-support';
import { describe, expect, it } from 'vitest';
import { openHost } from '../support/open-host.ts';
import { TOOL_NAMES } from '../support/tool-names.ts';
import { listen } from './support/listen.ts';
import { INITIALIZE, JSON_HEADERS, openSession, send } from './support/send.ts';

async function offlineServer(options: { bodyLimit?: number } = {}) {
  const log = capturedLog();
  const slack = {
    async call(): Promise<never> {
      throw new Error('Slack must not be called here');
    },
  };
  return listen({ host: openHost({ slack, logger: log, version: '1.2.3' }), logger: log, ...options });
}

const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' };

describe('POST /mcp', () => {
  const cases: [
    name: string,
    request: { headers?: Record<string, string>; body?: string | object },
    status: number,
    code: number,
  ][] = [
    ['not JSON', { body: '{"jsonrpc":' }, 400, -32700],
    ['nothing', { body: '' }, 400, -32700],
    ['a number', { body: '7' }, 400, -32000],
    ['null', { body: 'null' }, 400, -32000],
    ['another content type', { headers: { 'content-type': 'text/plain' }, body: INITIALIZE }, 415, -32000],
    ['no content type', { headers: { 'content-type': '' }, body: INITIALIZE }, 415, -32000],
    ['a request without a session', { body: list }, 400, -32000],
    ['a session that does not exist', { headers: { 'mcp-session-id': 'no-such-session' }, body: list }, 404, -32001],
    [
      'an Accept header with only unsupported types',
      { headers: { accept: 'text/html' }, body: INITIALIZE },
      406,
      -32000,
    ],
    ['a body above the limit', { body: { ...INITIALIZE, padding: 'x'.repeat(200_000) } }, 413, -32000],
    ['two initializations at once', { body: [INITIALIZE, { ...INITIALIZE, id: 2 }] }, 400, -32600],
    [
      'a batch of 101',
      { body: [INITIALIZE, ...Array.from({ length: 100 }, (_, id) => ({ ...list, id }))] },
      400,
      -32600,
    ],
  ];

  it.each(cases)('rejects %s', async (_name, { headers = {}, body }, status, code) => {
    await using server = await offlineServer({ bodyLimit: 100_000 });
    const answer = await send(`${server.url}/mcp`, {
      method: 'POST',
      headers: { ...JSON_HEADERS, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    expect({ status: answer.status, body: answer.body }).toMatchObject({
      status,
      body: { jsonrpc: '2.0', error: { code } },
    });
    expect(answer.headers['x-correlation-id']).toBeDefined();
  });
});

describe('in a session', () => {
  const cases: [
    name: string,
    headers: Record<string, string>,
    body: object,
    status: number,
    error: object | undefined,
  ][] = [
    ['an unknown protocol version', { 'mcp-protocol-version': '1999-01-01' }, list, 400, { code: -32000 }],
    ['a second initialization', {}, INITIALIZE, 400, { code: -32600 }],
    ['JSON that is not a message', {}, { hello: 'world' }, 400, { code: -32700 }],
    ['an unknown method', {}, { ...list, method: 'tools/explode' }, 200, { code: -32601 }],
    ['parameters of the wrong type', {}, { ...list, method: 'tools/call', params: { name: 7 } }, 200, { code: -32602 }],
    [
      'an unknown tool',
      {},
      { ...list, method: 'tools/call', params: { name: 'rm', arguments: {} } },
      200,
      { code: -32602 },
    ],
    ['a notification', {}, { jsonrpc: '2.0', method: 'notifications/initialized' }, 202, undefined],
    ['a request', {}, list, 200, undefined],
  ];

  it.each(cases)('answers %s', async (_name, headers, body, status, error) => {
    await using server = await offlineServer();
    const session = await openSession(`${server.url}/mcp`);
    const answer = await send(`${server.url}/mcp`, {
      method: 'POST',
      headers: { ...JSON_HEADERS, 'mcp-session-id': session, ...headers },
      body,
    });
    expect(answer.status).toBe(status);
    if (error === undefined) expect(answer.body.error).toBeUndefined();
    else expect(answer.body.error).toMatchObject(error);
    // None of this ends the session.
    const after = await send(`${server.url}/mcp`, {
      method: 'POST',
      headers: { ...JSON_HEADERS, 'mcp-session-id': session },
      body: list,
    });
    expect(after.body.result?.['tools']).toHaveLength(TOOL_NAMES.length);
  });
});

describe('POST /mcp/messages', () => {
  it.each([
    ['without a session', '', 404],
    ['with an unknown session', '?sessionId=nobody', 404],
    ['with two sessions', '?sessionId=a&sessionId=b', 404],
  ])('is rejected %s', async (_name, query, status) => {
    await using server = await offlineServer();
    const answer = await send(`${server.url}/mcp/messages${query}`, {
      method: 'POST',
      headers: JSON_HEADERS,
      body: list,
    });
    expect(answer).toMatchObject({ status, body: { error: { code: -32001 } } });
  });

  it('does not accept a session of the other transport', async () => {
    await using server = await offlineServer();
    const session = await openSession(`${server.url}/mcp`);
    const answer = await send(`${server.url}/mcp/messages?sessionId=${session}`, {
      method: 'POST',
      headers: JSON_HEADERS,
      body: list,
    });
    expect(answer.status).toBe(404);
  });
});
