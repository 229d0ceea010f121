import { createSimulator } from '@slack-mcp/simulator';
import { capturedLog } from '@slack-mcp/test-support';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Caller, createMcpHttpServer, type McpHttpServerOptions } from '../../../src/index.ts';
import { SECRET, signedHeaders } from '../../support/signed.ts';
import { INITIALIZE, JSON_HEADERS, send } from '../support/send.ts';

const USER = { user_id: 'U0ALICE001', team_id: 'T0TEAM0001', enterprise_id: 'E0ORG00001' };
const MODERN_META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'slackbot', version: '0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

async function serve(options: Partial<McpHttpServerOptions> = {}) {
  const simulator = await createSimulator({ signingSecret: SECRET });
  const callers: Caller[] = [];
  const log = capturedLog();
  const server = createMcpHttpServer({
    token: 'xoxb-simulator',
    apiUrl: simulator.url,
    port: 0,
    auth: { slackSigned: {} },
    signingSecret: ['an-older-signing-secret', SECRET],
    slackTokenFor: (caller) => {
      callers.push(caller);
      return undefined;
    },
    logger: log,
    ...options,
  });
  await server.start();
  onTestFinished(async () => {
    await server.close({ drainTimeoutMs: 0 });
    await simulator.close();
  });
  const say = (message: object, headers: Record<string, string> = {}, secret = SECRET) => {
    const body = JSON.stringify(message);
    return send(`${server.address}/mcp`, {
      method: 'POST',
      headers: { ...JSON_HEADERS, ...signedHeaders(body, { secret }), ...headers },
      body,
    });
  };
  const read = (slack?: object) => ({
    jsonrpc: '2.0',
    id: 2,
    method: 'tools/call',
    params: { name: 'slack_read_emojis', arguments: {}, ...(slack && { _meta: { slack } }) },
  });
  return { server, say, read, callers, log, simulator };
}

describe('Slack as a client', () => {
  it('has a session, and each call is made for the user that Slack names', async () => {
    const { say, read, callers, log } = await serve();
    const session = { 'mcp-session-id': String((await say(INITIALIZE)).headers['mcp-session-id']) };
    expect((await say(read(USER), session)).body.result).not.toHaveProperty('isError');
    // A session belongs to one user; another user has a separate one.
    const bob = { ...USER, user_id: 'U0BOB00001' };
    expect((await say(read(bob), session)).status).toBe(404);
    const his = { 'mcp-session-id': String((await say(INITIALIZE)).headers['mcp-session-id']) };
    expect((await say({ ...read(bob), id: 3 }, his)).status).toBe(200);
    // In both, Slack itself may still request what is the same for all users.
    const list = { jsonrpc: '2.0', id: 9, method: 'tools/list' };
    expect((await say(list, session)).status).toBe(200);
    expect((await say(read(), session)).status).toBe(404);
    expect(callers).toEqual([
      {
        id: 'slack:T0TEAM0001/U0ALICE001',
        kind: 'slack',
        rights: 'write',
        slack: { userId: 'U0ALICE001', teamId: 'T0TEAM0001', enterpriseId: 'E0ORG00001' },
      },
      expect.objectContaining({ id: 'slack:T0TEAM0001/U0BOB00001' }),
    ]);
    expect(log.lines.map(({ fields }) => fields['caller'])).toContain('slack:T0TEAM0001/U0BOB00001');
  });

  it('may speak revision 2026-07-28', async () => {
    const { say, read, callers } = await serve();
    const message = read();
    const params = { ...message.params, _meta: { ...MODERN_META, slack: USER } };
    const headers = {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'slack_read_emojis',
    };
    expect((await say({ ...message, params }, headers)).body.result).not.toHaveProperty('isError');
    expect(callers.map(({ id }) => id)).toEqual(['slack:T0TEAM0001/U0ALICE001']);
  });

  it('may sign with the old secret during rotation', async () => {
    const { say } = await serve();
    expect((await say(INITIALIZE, {}, 'an-older-signing-secret')).status).toBe(200);
    expect((await say(INITIALIZE, {}, 'a-secret-of-somebody-else')).status).toBe(401);
  });

  it('has no user if the message names none', async () => {
    const { say, read, callers } = await serve();
    const session = { 'mcp-session-id': String((await say(INITIALIZE)).headers['mcp-session-id']) };
    for (const odd of [undefined, {}, { ...USER, user_id: 7 }, { ...USER, team_id: 'T0/../x' }]) {
      expect((await say(read(odd), session)).status).toBe(200);
    }
    expect(new Set(callers.map(({ id }) => id))).toEqual(new Set(['slack']));
  });

  it('may only read if configured so', async () => {
    const { say } = await serve({ auth: { slackSigned: { rights: 'read' } } });
    const session = { 'mcp-session-id': String((await say(INITIALIZE)).headers['mcp-session-id']) };
    const { body } = await say({ jsonrpc: '2.0', id: 2, method: 'tools/list' }, session);
    expect(JSON.stringify(body)).not.toContain('slack_post_message');
  });

  it.each([
    ['of an allowed workspace', ['T0OTHER001', USER.team_id], USER, 200],
    ['of an allowed organization', [USER.enterprise_id], USER, 200],
    ['of another workspace', ['T0OTHER001'], USER, 403],
    ['without an identity', [USER.team_id], undefined, 403],
  ])('handles calls for users %s, when there is one: %j', async (_name, teams, slack, status) => {
    const { say, read, callers } = await serve({ auth: { slackSigned: { teams } } });
    const session = { 'mcp-session-id': String((await say(INITIALIZE)).headers['mcp-session-id']) };
    const answer = await say(read(slack), session);
    expect(answer.status).toBe(status);
    // One in a batch is enough.
    expect((await say([read(USER), { ...read(slack), id: 3 }], session)).status).toBe(status);
    if (status === 403) {
      expect(answer.body.error?.message).toContain('The request names no user of an allowed Slack workspace');
      expect(callers).toEqual([]);
    }
  });

  it.each([
    ['tools/call', { name: 'slack_read_emojis', arguments: {} }],
    ['resources/read', { uri: 'slack://workspaces' }],
    ['resources/subscribe', { uri: 'slack://channels/C0GENERAL1/messages' }],
    [
      'completion/complete',
      {
        ref: { type: 'ref/resource', uri: 'slack://channels/{channel}' },
        argument: { name: 'channel', value: 'g' },
      },
    ],
  ])('does nothing by %s for a user of another workspace, nor for no user', async (method, params) => {
    const { say, callers } = await serve({ auth: { slackSigned: { teams: ['T0OTHER001'] } } });
    const session = { 'mcp-session-id': String((await say(INITIALIZE)).headers['mcp-session-id']) };
    for (const meta of [{ _meta: { slack: USER } }, {}]) {
      const answer = await say({ jsonrpc: '2.0', id: 2, method, params: { ...params, ...meta } }, session);
      expect([answer.status, answer.body.error?.message]).toEqual([
        403,
        expect.stringContaining('The request names no user of an allowed Slack workspace'),
      ]);
    }
    expect(callers).toEqual([]);
  });

  it.each([
    ['of one workspace', { ...USER, user_id: 'U0BOB00001' }],
    ['of the same id in another workspace', { ...USER, team_id: 'T0OTHER001' }],
  ])('refuses a batch for two users %s', async (_name, other) => {
    const { say, read, callers } = await serve();
    const session = { 'mcp-session-id': String((await say(INITIALIZE)).headers['mcp-session-id']) };
    expect((await say([read(USER), { ...read(other), id: 3 }], session)).status).toBe(403);
    expect(callers).toEqual([]);
    expect((await say([read(USER), { ...read(USER), id: 3 }], session)).status).toBe(200);
  });
});

describe('an answer of a person to a question', () => {
  /** Deletes a message of the bot, and answers the question of the server with `answer`. */
  async function deleteWith(answer: (id: unknown) => object, teams = [USER.team_id]) {
    const { server, say, read, simulator } = await serve({
      auth: { slackSigned: { teams } },
      toolsets: ['editing'],
      output: 'json',
    });
    const capable = { ...INITIALIZE, params: { ...INITIALIZE.params, capabilities: { elicitation: {} } } };
    const session = { 'mcp-session-id': String((await say(capable)).headers['mcp-session-id']) };
    const call = (name: string, args: object, id: number) => {
      const { params, ...message } = read(USER);
      return { ...message, id, params: { ...params, name, arguments: args } };
    };
    const posted = await say(call('slack_post_message', { channel: 'C0GENERAL1', text: 'Mine' }, 2), session);
    const { ts = '' } = (posted.body.result?.['structuredContent'] ?? {}) as { ts?: string };
    const body = JSON.stringify(call('slack_delete_message', { channel: 'C0GENERAL1', timestamp: ts }, 3));
    const headers = { ...JSON_HEADERS, ...session, ...signedHeaders(body) };
    const stream = await fetch(`${server.address}/mcp`, { method: 'POST', headers, body });
    const reader = (stream.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('elicitation/create')) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`the server asked nothing: ${text}`);
      text += value;
    }
    const { id } = JSON.parse(/^data: (.*elicitation.*)$/m.exec(text)?.[1] ?? '{}') as { id: unknown };
    const { status } = await say(answer(id), session);
    await reader.cancel();
    const isLeft = async () => (await simulator.messages('C0GENERAL1')).some((message) => message.ts === ts);
    return { status, isLeft };
  }

  const accepted = { action: 'accept', content: {} };

  it.each([
    ['that names no user', accepted],
    ['that names the user', { ...accepted, _meta: { slack: USER } }],
  ])('%s is accepted while teams are restricted', async (_name, result) => {
    const { status, isLeft } = await deleteWith((id) => ({ jsonrpc: '2.0', id, result }));
    expect(status).toBe(202);
    await expect.poll(isLeft).toBe(false);
  });

  it.each([
    ['another user', { ...USER, user_id: 'U0BOB00001' }, 404],
    ['a user of another workspace', { ...USER, team_id: 'T0OTHER001', enterprise_id: 'E0OTHER01' }, 403],
  ])('that names %s is refused', async (_name, slack, expected) => {
    const { status, isLeft } = await deleteWith((id) => ({
      jsonrpc: '2.0',
      id,
      result: { ...accepted, _meta: { slack } },
    }));
    expect(status).toBe(expected);
    expect(await isLeft()).toBe(true);
  });
});

describe('several apps', () => {
  const SECRETS = { A0111: SECRET, A0222: 'the-signing-secret-of-another-app' };
  const [ALICE, BOB] = [USER, { ...USER, user_id: 'U0BOB00001' }];
  const post = (slack: object) => ({
    jsonrpc: '2.0',
    id: 3,
    method: 'tools/call',
    params: { name: 'slack_post_message', arguments: { channel: 'general', text: 'hi' }, _meta: { slack } },
  });

  it.each<[string, object, secret: string, status: number, code?: string]>([
    ['its own app', { ...ALICE, app_id: 'A0111' }, SECRETS.A0111, 200],
    ['another app', { ...ALICE, app_id: 'A0111' }, SECRETS.A0222, 401, 'another app'],
    ['an app without a secret', { ...ALICE, app_id: 'A0333' }, SECRETS.A0111, 401, 'another app'],
    ['no app', ALICE, SECRETS.A0111, 401, 'MCP_SLACK_APP'],
    ['no app and no user', {}, SECRETS.A0222, 401, 'MCP_SLACK_APP'],
  ])('a call that names %s', async (_name, slack, secret, status, message = '') => {
    const { say, callers } = await serve({ signingSecret: SECRETS });
    const session = { 'mcp-session-id': String((await say(INITIALIZE, {}, secret)).headers['mcp-session-id']) };
    const answer = await say(post(slack), session, secret);
    expect(answer.status).toBe(status);
    expect(answer.body.error?.message ?? '').toContain(message);
    expect(callers.map(({ id }) => id)).toEqual(status === 200 ? ['slack:A0111/T0TEAM0001/U0ALICE001'] : []);
  });

  it('gives the same user of two apps two sessions', async () => {
    const { say, read, callers } = await serve({ signingSecret: SECRETS });
    const session = { 'mcp-session-id': String((await say(INITIALIZE)).headers['mcp-session-id']) };
    expect((await say(read({ ...ALICE, app_id: 'A0111' }), session)).status).toBe(200);
    expect((await say(read({ ...ALICE, app_id: 'A0222' }), session, SECRETS.A0222)).status).toBe(404);
    const batch = [read({ ...ALICE, app_id: 'A0111' }), { ...read({ ...BOB, app_id: 'A0222' }), id: 5 }];
    expect((await say(batch, session)).status).toBe(401);
    expect(callers).toHaveLength(1);
  });

  it('accepts only the app in MCP_SLACK_APP, whose requests need no app id', async () => {
    const { say, read } = await serve({ signingSecret: SECRETS, auth: { slackSigned: { appId: 'A0111' } } });
    const session = { 'mcp-session-id': String((await say(INITIALIZE)).headers['mcp-session-id']) };
    expect((await say(read(ALICE), session)).status).toBe(200);
    expect((await say(INITIALIZE, {}, SECRETS.A0222)).status).toBe(401);
    expect(() => createMcpHttpServer({ auth: { slackSigned: { appId: 'A0333' } }, signingSecret: SECRETS })).toThrow(
      'add A0333=',
    );
  });

  it('accepts requests without an app id from one app with several secrets', async () => {
    const { say, read } = await serve({ signingSecret: ['A0111=an-older-signing-secret', `A0111=${SECRET}`] });
    const session = { 'mcp-session-id': String((await say(INITIALIZE)).headers['mcp-session-id']) };
    expect((await say(read(ALICE), session)).status).toBe(200);
  });
});

describe('a signed request', () => {
  it('acts once, even in another session', async () => {
    const { server, say, read } = await serve();
    const open = async () => ({ 'mcp-session-id': String((await say(INITIALIZE)).headers['mcp-session-id']) });
    const body = JSON.stringify(read(USER));
    const headers = { ...JSON_HEADERS, ...signedHeaders(body) };
    const replay = async () =>
      send(`${server.address}/mcp`, { method: 'POST', headers: { ...headers, ...(await open()) }, body });
    expect((await replay()).status).toBe(200);
    const again = await replay();
    expect([again.status, again.body.error?.message]).toEqual([401, expect.stringContaining('has acted before')]);
    // The same call with a new signature is a new request.
    const seconds = Math.floor(Date.now() / 1000) - 7;
    const session = await open();
    expect((await say(read(USER), { ...session, ...signedHeaders(body, { seconds }) })).status).toBe(200);
  });

  it('can be repeated if it neither reads from Slack nor writes', async () => {
    const { server } = await serve();
    const body = JSON.stringify(INITIALIZE);
    const request = { method: 'POST', headers: { ...JSON_HEADERS, ...signedHeaders(body) }, body };
    for (const _ of [1, 2]) expect((await send(`${server.address}/mcp`, request)).status).toBe(200);
  });
});

describe('the user named in a message', () => {
  it('is accepted only from Slack', async () => {
    const { server, read, callers } = await serve({ auth: { keys: ['a-key-of-the-test'], slackSigned: {} } });
    const key = { ...JSON_HEADERS, authorization: 'Bearer a-key-of-the-test' };
    const ask = (body: object, headers: Record<string, string>) =>
      send(`${server.address}/mcp`, { method: 'POST', headers: { ...key, ...headers }, body });
    const opened = await ask(INITIALIZE, {});
    const session = { 'mcp-session-id': String(opened.headers['mcp-session-id']) };
    expect((await ask(read(USER), session)).status).toBe(200);
    // The key decides, even if the request is also signed.
    expect((await ask(read(USER), { ...session, ...signedHeaders('{}') })).status).toBe(200);
    expect(callers.map(({ id }) => id)).toEqual(['key:1']);
  });
});

describe('a signature', () => {
  it('has no effect if the option is off', async () => {
    const { say } = await serve({ auth: { keys: ['a-key-of-the-test'] } });
    expect((await say(INITIALIZE)).status).toBe(401);
  });

  it('is not valid for requests without the body that it covers', async () => {
    const { server } = await serve();
    const headers = signedHeaders('');
    for (const [method, path] of [
      ['GET', '/mcp'],
      ['DELETE', '/mcp'],
      ['GET', '/mcp/sse'],
      ['GET', '/list_tools'],
    ] as const) {
      expect((await send(`${server.address}${path}`, { method, headers })).status).toBe(401);
    }
    const { 'content-type': _type, ...untyped } = headers;
    expect((await send(`${server.address}/mcp`, { method: 'POST', headers: untyped })).status).toBe(401);
    // Slack does not use the REST tools.
    const call = JSON.stringify({ name: 'slack_read_emojis', arguments: {} });
    const rest = { method: 'POST', headers: signedHeaders(call), body: call };
    expect((await send(`${server.address}/call_tool`, rest)).status).toBe(401);
  });

  it('requires a secret to verify it', () => {
    expect(() => createMcpHttpServer({ auth: { slackSigned: {} } })).toThrow('signing secret');
  });
});
