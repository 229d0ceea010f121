import { createSimulator, SIMULATOR_IDS, type Simulator } from '@slack-mcp/simulator';
import { type CapturedLog, capturedLog } from '@slack-mcp/test-support';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createMcpHttpServer, type RunningServer } from '../../../src/index.ts';
import { type Answer, INITIALIZE, JSON_HEADERS, openSession, send } from '../support/send.ts';

const MINE = { authorization: 'Bearer a-key-of-mine' };
const YOURS = { authorization: 'Bearer a-key-of-yours' };

let simulator: Simulator;
let server: RunningServer;
let log: CapturedLog;
let posted: number;
let session: Record<string, string>;

beforeAll(async () => {
  simulator = await createSimulator({ signingSecret: 'a-signing-secret-of-the-tests' });
  posted = (await simulator.messages(SIMULATOR_IDS.channel)).length;
  log = capturedLog();
  server = createMcpHttpServer({
    token: 'xoxb-simulator',
    apiUrl: simulator.url,
    port: 0,
    auth: { keys: ['a-key-of-mine', 'a-key-of-yours'] },
    logger: log,
  });
  await server.start();
  session = { ...JSON_HEADERS, ...MINE, 'mcp-session-id': await openSession(`${server.address}/mcp`, MINE) };
});

afterAll(async () => {
  await server.close({ drainTimeoutMs: 0 });
  await simulator.close();
});

// After any input, the server and the session still answer, nothing was posted, and nothing failed inside.
afterEach(async () => {
  const answer = await mcp({ ...list, id: 'after' });
  expect([answer.status, answer.body.result?.['tools']]).toEqual([200, expect.any(Array)]);
  expect(await simulator.messages(SIMULATOR_IDS.channel)).toHaveLength(posted);
  expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' };

function mcp(body: object | string, headers: Record<string, string> = {}): Promise<Answer> {
  return send(`${server.address}/mcp`, { method: 'POST', headers: { ...session, ...headers }, body });
}

function rest(body: object | string): Promise<Answer> {
  const headers = { ...JSON_HEADERS, ...MINE, 'x-correlation-id': 'bad' };
  return send(`${server.address}/call_tool`, { method: 'POST', headers, body });
}

const rpc = (code: number, message: string, id: unknown = null) => ({ jsonrpc: '2.0', error: { code, message }, id });
const restError = (code: string, message: string) => ({
  error: { code, message, component: 'tools', details: {}, correlation_id: 'bad' },
});

/** `{"a":{"a":…}}` as text: serializing it as an object would overflow the stack of the test. */
const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const wide = (keys: number): string => `{${Array.from({ length: keys }, (_, index) => `"k${index}":1`).join(',')}}`;
const callText = (args: string): string =>
  `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"slack_post_message","arguments":${args}}}`;
const restText = (args: string): string => `{"name":"slack_post_message","arguments":${args}}`;

describe('an invalid request', () => {
  const cases: [
    name: string,
    body: object | string,
    headers: Record<string, string>,
    status: number,
    answer: unknown,
  ][] = [
    [
      'too large',
      { ...list, padding: 'x'.repeat(4 * 1024 * 1024) },
      {},
      413,
      rpc(-32000, 'The body is larger than this server accepts.'),
    ],
    ['incomplete JSON', '{"jsonrpc":', {}, 400, rpc(-32700, 'Parse error: the body is not valid JSON.')],
    [
      'deeply nested JSON',
      '['.repeat(1_000_000),
      {},
      400,
      rpc(-32600, 'The values in a body may be nested at most 100 levels deep.'),
    ],
    ['bytes', '\u0000\u0001\u0002', {}, 400, rpc(-32700, 'Parse error: the body is not valid JSON.')],
    ['text', list, { 'content-type': 'text/plain' }, 415, rpc(-32000, 'Content-Type must be application/json.')],
    ['JSON that is not a message', { hello: 'world' }, {}, 400, rpc(-32700, 'Parse error: Invalid JSON-RPC message')],
    [
      'a batch that is too large',
      Array.from({ length: 101 }, (_, id) => ({ ...list, id })),
      {},
      400,
      rpc(-32600, 'A batch may have at most 100 messages.'),
    ],
    [
      'an unknown session',
      list,
      { 'mcp-session-id': 'of-nobody' },
      404,
      rpc(-32001, 'Session not found. Send initialize to start a new one.'),
    ],
    [
      "another caller's session",
      list,
      YOURS,
      404,
      rpc(-32001, 'Session not found. Send initialize to start a new one.'),
    ],
    [
      'an unknown revision',
      list,
      { 'mcp-protocol-version': '1999-01-01' },
      400,
      rpc(-32000, expect.stringMatching(/^Bad Request: Unsupported protocol version: 1999-01-01/) as unknown as string),
    ],
    ['an unknown method', { ...list, method: 'tools/explode' }, {}, 200, rpc(-32601, 'Method not found', 2)],
    ['a method named like a prototype', { ...list, method: '__proto__' }, {}, 200, rpc(-32601, 'Method not found', 2)],
  ];

  it.each(cases)('%s', async (_name, body, headers, status, answer) => {
    const { status: answered, body: said } = await mcp(body, headers);
    expect({ status: answered, body: said }).toEqual({ status, body: answer });
  });
});

describe('arguments', () => {
  const invalid = (problem: unknown): unknown => ({
    isError: true,
    code: 'invalid_arguments',
    text: problem,
  });
  const of = ({ body: { result } }: Answer) => ({
    isError: result?.['isError'],
    code: (result?.['_meta'] as Record<string, { code: string }> | undefined)?.['slack-mcp/error']?.code,
    text: (result?.['content'] as { text: string }[] | undefined)?.[0]?.text,
  });
  const good = { channel: SIMULATOR_IDS.channel, text: 'never posted' };

  const cases: [name: string, args: string, problem: RegExp][] = [
    ['of the wrong type', '{"channel":{},"text":{}}', /^slack_post_message: invalid arguments: channel: .*string/],
    ['that are missing', '{}', /^slack_post_message: invalid arguments: channel: /],
    [
      'with unknown names',
      JSON.stringify({ ...good, chanel: 'x' }),
      /^slack_post_message: invalid arguments: chanel: did you mean channel\?/,
    ],
    ['with deep nesting', `{"channel":${deep(95)},"text":"x"}`, /^slack_post_message: invalid arguments: channel: /],
    [
      'with deep nesting below an unknown name',
      `{"channel":"general","text":"x","txt":${deep(95)}}`,
      /txt: did you mean text\?/,
    ],
    ['with 19,000 names', wide(19_000), /^slack_post_message: invalid arguments: /],
    [
      'named like a prototype',
      '{"channel":"general","text":"x","__proto__":{"polluted":true}}',
      /__proto__: this tool has no such argument/,
    ],
    [
      'named like a constructor',
      '{"channel":"general","text":"x","constructor":{"prototype":{"polluted":true}}}',
      /constructor: this tool has no such argument/,
    ],
    [
      'in the format of the Python server, named like a prototype',
      '{"input_params":{"channel":"general","text":"x","__proto__":{"polluted":true}}}',
      /__proto__: this tool has no such argument/,
    ],
    [
      'too long',
      JSON.stringify({ ...good, text: 'x'.repeat(1_000_000) }),
      /^slack_post_message: invalid arguments: text: /,
    ],
  ];

  it.each(cases)('%s', async (_name, args, problem) => {
    const answer = await mcp(callText(args));
    expect(answer.status).toBe(200);
    expect(of(answer)).toEqual(invalid(expect.stringMatching(problem)));
    expect(answer.text.length).toBeLessThan(5_000);
  });

  it.each([
    [
      'nested deeper than a message may be',
      deep(600_000),
      'The values in a body may be nested at most 100 levels deep.',
    ],
    ['with 100,000 names', wide(100_000), 'A body may have at most 20000 values.'],
  ])('%s are not parsed', async (_name, args, message) => {
    const { status, body } = await mcp(callText(args));
    expect({ status, body }).toEqual({ status: 400, body: rpc(-32600, message) });
  });

  it.each([
    ['in a string', '"x"'],
    ['in a list', '[1]'],
    ['in a number', '7'],
  ])('%s are rejected', async (_name, args) => {
    const { status, body } = await mcp(callText(args));
    expect([status, body]).toEqual([
      200,
      { jsonrpc: '2.0', id: 2, error: { code: -32602, message: expect.any(String) } },
    ]);
  });

  it.each([
    ['is a number', 7],
    ['is missing', undefined],
    ['is that of the prototype', '__proto__'],
    ['is that of the constructor', 'constructor'],
  ])('to a tool are rejected when its name %s', async (_name, tool) => {
    const { status, body } = await mcp({ ...list, method: 'tools/call', params: { name: tool, arguments: good } });
    expect([status, body.error?.code]).toEqual([200, -32602]);
  });
});

describe('the tools over REST', () => {
  const cases: [name: string, body: object | string, status: number, answer: unknown][] = [
    ['incomplete JSON', '{"name":', 400, { code: 'bad_request', component: 'tools' }],
    ['nothing', '', 400, { code: 'bad_request', component: 'tools' }],
    [
      'too much',
      { name: 'x', padding: 'x'.repeat(4 * 1024 * 1024) },
      413,
      { code: 'body_too_large', component: 'tools' },
    ],
    [
      'names of the prototype',
      restText('{"__proto__":{"polluted":true}}'),
      400,
      { code: 'invalid_arguments', component: 'tools' },
    ],
    ['no tool name', {}, 400, restError('bad_request', 'Send { "name": "<tool>", "arguments": { … } }.').error],
    ['an invalid tool name', { name: ['x'] }, 400, { code: 'bad_request', component: 'tools' }],
    ['an unknown tool', { name: 'rm' }, 404, { code: 'unknown_tool', component: 'tools' }],
    ['arguments of the wrong type', restText('"x"'), 400, { code: 'invalid_arguments', component: 'tools' }],
    ['deeply nested arguments', restText(deep(2_000)), 400, { code: 'invalid_request', component: 'tools' }],
    ['100,000 arguments', restText(wide(100_000)), 400, { code: 'invalid_request', component: 'tools' }],
  ];

  it.each(cases)('rejects %s', async (_name, body, status, answer) => {
    const { status: answered, body: said, text } = await rest(body);
    expect([answered, said]).toEqual([status, { error: expect.objectContaining(answer as object) }]);
    expect(text.length).toBeLessThan(5_000);
  });
});

describe('a body that contains only brackets', () => {
  const brackets = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;

  it('is not a message', async () => {
    expect((await mcp(brackets)).status).toBe(400);
    const { 'mcp-session-id': _none, ...without } = session;
    const opening = await send(`${server.address}/mcp`, { method: 'POST', headers: without, body: brackets });
    expect(opening.status).toBe(400);
    const modern = await mcp(brackets, { 'mcp-protocol-version': '2026-07-28' });
    expect(modern.status).toBe(400);
    const sse = `${server.address}/mcp/messages?sessionId=nobody`;
    expect((await send(sse, { method: 'POST', headers: session, body: brackets })).status).toBe(400);
  });
});

describe('another caller', () => {
  it('cannot read, use or end a session, nor distinguish it from one that does not exist', async () => {
    const theirs = { ...session, ...YOURS };
    const none = { ...theirs, 'mcp-session-id': 'of-nobody' };
    for (const method of ['GET', 'DELETE'] as const) {
      const [other, unknown] = await Promise.all(
        [theirs, none].map((headers) => send(`${server.address}/mcp`, { method, headers })),
      );
      expect([other?.status, other?.text]).toEqual([404, unknown?.text]);
    }
  });

  it('opens its own session', async () => {
    const answer = await send(`${server.address}/mcp`, {
      method: 'POST',
      headers: { ...JSON_HEADERS, ...YOURS },
      body: INITIALIZE,
    });
    expect(answer.headers['mcp-session-id']).not.toBe(session['mcp-session-id']);
  });
});
