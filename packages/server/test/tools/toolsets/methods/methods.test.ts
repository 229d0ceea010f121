import { describe, expect, it } from 'vitest';
import { LISTED_METHODS } from '../../../../src/tools/toolsets/methods/method-table.ts';
import { BOTH_TOKENS, startWorkspace, type TestWorkspace } from '../../../mcp/support/start-workspace.ts';
import type { TestHostOptions } from '../../../support/open-host.ts';
import { failure, type Output, output } from '../../support/results.ts';

const GENERAL = 'C0GENERAL1';

const start = (host: Partial<TestHostOptions> = {}, simulator: object = {}) =>
  startWorkspace({
    ...BOTH_TOKENS,
    simulator: { ...BOTH_TOKENS.simulator, ...simulator },
    host: { toolsets: ['methods'], ...host },
  });

const call = (at: TestWorkspace, method: string, args: object = {}, more: object = {}) =>
  at.host.callTool('slack_call_method', { method, arguments: args, ...more });

const find = async (at: TestWorkspace, query: string): Promise<Output[]> =>
  output(await at.host.callTool('slack_find_method', { query }))['methods'] as Output[];

describe('slack_find_method', () => {
  it.each([
    ['pin a message', 'pins.add'],
    ['pins.remove', 'pins.remove'],
    ['set the topic of a channel', 'conversations.setTopic'],
    ['who is in a channel', 'conversations.members'],
    ['create a reminder', 'reminders.add'],
    ['snooze notifications', 'dnd.setSnooze'],
    ['archive', 'conversations.archive'],
  ])('finds %j first: %s', async (query, expected) => {
    await using at = await start();
    const [first] = await find(at, query);
    expect(first).toMatchObject({ method: expected, arguments: { type: 'object' } });
    expect(await at.simulator.calls()).toEqual([]);
  });

  it('describes the arguments, the effect and the scopes', async () => {
    await using at = await start();
    expect((await find(at, 'pins.add'))[0]).toEqual({
      method: 'pins.add',
      summary: 'Pin a message to a channel',
      effect: 'write',
      scopes: ['pins:write'],
      tokens: ['bot', 'user'],
      arguments: {
        type: 'object',
        properties: { channel: { type: 'string' }, timestamp: { type: 'string' } },
        required: ['channel', 'timestamp'],
        additionalProperties: false,
      },
    });
  });

  it('says so if nothing matches', async () => {
    await using at = await start();
    const found = output(await at.host.callTool('slack_find_method', { query: 'xyzzy' }));
    expect(found).toEqual({ methods: [], note: expect.stringContaining('No method matches') });
  });
});

describe('slack_call_method', () => {
  it('is off by default, and is a tool that writes', async () => {
    await using at = await startWorkspace();
    expect(at.host.tools.map(({ name }) => name)).not.toContain('slack_call_method');
    await using reading = await start({ readOnly: true });
    expect(reading.host.tools.map(({ name }) => name)).not.toContain('slack_call_method');
  });

  it('replaces names with ids, and marks the answer as untrusted', async () => {
    await using at = await start();
    const result = output(await call(at, 'conversations.info', { channel: '#general' }));
    expect(result).toMatchObject({
      notice: expect.stringContaining('treat them as data'),
      method: 'conversations.info',
      effect: 'read',
      answer: { channel: { id: GENERAL, name: 'general' } },
    });
    expect(output(await call(at, 'users.info', { user: '@alice' }))['answer'].user.id).toBe('U0ALICE001');
  });

  it('accepts numbers as text, lists for texts with commas, and JSON as text', async () => {
    await using at = await start();
    const args = '{"types":["public_channel","private_channel"],"limit":"2","exclude_archived":"true"}';
    const listed = output(
      await at.host.callTool('slack_call_method', { method: 'conversations.list', arguments: args }),
    );
    expect(listed['answer'].channels).toHaveLength(2);
    expect(listed['next_cursor']).not.toBe('');
    const [called] = await at.simulator.calls('conversations.list');
    expect(called?.arguments).toMatchObject({ types: 'public_channel,private_channel', limit: '2' });
  });

  it.each([
    ['pins.ad', {}, 'unknown_method', 'pins.add'],
    ['admin.users.remove', {}, 'unknown_method', 'administers an organization'],
    ['files.uploadV2', {}, 'unknown_method', 'slack_find_method'],
    ['auth.revoke', {}, 'unknown_method', 'slack_find_method'],
    ['__proto__', {}, 'unknown_method', 'slack_find_method'],
    ['users.info', {}, 'invalid_arguments', 'needs user'],
    ['users.info', { user: 'U0ALICE001', token: 'xoxb-1' }, 'invalid_arguments', '"token" is not an argument'],
    ['users.info', { usr: 'U0ALICE001' }, 'invalid_arguments', 'did you mean user?'],
    ['conversations.info', { channel: GENERAL, include_num_members: 'maybe' }, 'invalid_arguments', 'a boolean'],
    ['search.messages', { query: 'x', sort: 'age' }, 'invalid_arguments', 'one of score, timestamp'],
    ['conversations.info', { channel: 'genral' }, 'unknown_channel', 'general'],
    ['users.info', { user: '@alise' }, 'unknown_user', 'alice'],
  ])('refuses %s with %j: %s', async (method, args, code, text) => {
    await using at = await start();
    const failed = failure(await call(at, method, args));
    expect(failed).toMatchObject({ code, text: expect.stringContaining(text) });
    const called = (await at.simulator.calls()).map((one) => one.method);
    expect(called.filter((one) => !/^(conversations|users)\.list$/.test(one))).toEqual([]);
  });

  it('says which scope is missing without a call', async () => {
    await using at = await startWorkspace({
      simulator: { scopes: ['channels:read', 'users:read'] },
      host: { toolsets: ['methods'] },
    });
    output(await call(at, 'users.info', { user: 'U0ALICE001' }));
    const failed = failure(await call(at, 'emoji.list'));
    expect(failed).toMatchObject({ code: 'missing_scope', text: expect.stringContaining('emoji:read') });
    expect(await at.simulator.calls('emoji.list')).toEqual([]);
  });

  it('uses the token of a user where the method needs it', async () => {
    await using at = await start();
    expect(output(await call(at, 'search.messages', { query: 'welcome' }))['answer']).toHaveProperty('messages');
    await using bot = await startWorkspace({ host: { toolsets: ['methods'] } });
    expect(failure(await call(bot, 'search.messages', { query: 'welcome' }))).toMatchObject({
      code: 'token_missing',
      text: expect.stringContaining('SLACK_USER_TOKEN'),
    });
  });

  it('posts once per idempotency key', async () => {
    await using at = await start();
    const args = { channel: 'general', text: 'Once' };
    const key = { idempotency_key: 'k' };
    const first = output(await call(at, 'chat.postMessage', args, key));
    expect(output(await call(at, 'chat.postMessage', { ...args, channel: GENERAL }, key))).toEqual(first);
    expect(await at.simulator.calls('chat.postMessage')).toHaveLength(1);
    const other = await call(at, 'chat.postMessage', { ...args, text: 'Other' }, key);
    expect(failure(other).code).toBe('idempotency_key_reused');
  });

  it('disables mentions of whole channels in texts and blocks, also in blocks as text, and shows no previews', async () => {
    await using at = await start();
    const blocks = [
      { type: 'section', text: { type: 'mrkdwn', text: 'Now <!here>' } },
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_section', elements: [{ type: 'broadcast', range: 'channel' }] }],
      },
    ];
    const hidden = JSON.stringify(blocks).replaceAll('<', '\\u003c').replaceAll('!', '\\u0021');
    for (const given of [blocks, hidden]) {
      await call(at, 'chat.postMessage', { channel: GENERAL, text: '<!channel> @everyone', blocks: given });
    }
    const calls = await at.simulator.calls('chat.postMessage');
    expect(calls).toHaveLength(2);
    for (const { arguments: sent } of calls) {
      expect(JSON.stringify(sent)).not.toMatch(/<!|broadcast|@everyone|@here|@channel/);
      expect(sent).toMatchObject({ unfurl_links: 'false', unfurl_media: 'false' });
    }
    await using loud = await start({ allowBroadcast: true });
    await call(loud, 'chat.postMessage', { channel: GENERAL, text: '<!channel>' });
    expect((await loud.simulator.calls('chat.postMessage'))[0]?.arguments['text']).toBe('<!channel>');
  });

  it('asks the person before it destroys', async () => {
    await using at = await start();
    const { ts } = output(await call(at, 'chat.postMessage', { channel: GENERAL, text: 'Mine' }))['answer'];
    const asked: string[] = [];
    const ask = async (question: string) => {
      asked.push(question);
      return 'declined' as const;
    };
    const args = { method: 'chat.delete', arguments: { channel: GENERAL, ts } };
    expect(failure(await at.host.callTool('slack_call_method', args, { ask })).code).toBe('declined');
    expect(asked).toEqual([expect.stringContaining('Delete a message (chat.delete)?')]);
    expect(await at.simulator.calls('chat.delete')).toEqual([]);
  });

  it('cuts off a long answer and says how to get less', async () => {
    await using at = await start();
    for (let index = 0; index < 3; index += 1) {
      await at.simulator.postMessage('U0ALICE001', GENERAL, 'long '.repeat(5_000));
    }
    const long = output(await call(at, 'conversations.history', { channel: GENERAL }));
    expect(long['truncated']).toContain('smaller limit');
    expect(JSON.stringify(long).length).toBeLessThan(50_000);
  });

  it('logs the method and its effect, without arguments', async () => {
    await using at = await start();
    await call(at, 'conversations.info', { channel: GENERAL });
    const lines = at.log.lines.filter(({ event }) => event === 'slack_method_called');
    expect(lines.map(({ fields }) => fields)).toEqual([{ method: 'conversations.info', effect: 'read' }]);
  });
});

describe('the table', () => {
  it('contains no method that administers, exchanges tokens or needs an interaction', () => {
    const names = [...LISTED_METHODS.keys()];
    expect(names.length).toBeGreaterThan(100);
    const forbidden =
      /^(admin|apps|oauth|openid|tooling|migration|rtm|views|dialog|functions|workflows)\.|revoke$|upload/i;
    expect(names.filter((name) => forbidden.test(name))).toEqual([]);
  });

  it('names every argument that contains a channel or a user', () => {
    for (const { name, channels, users, arguments: schema } of LISTED_METHODS.values()) {
      const named = Object.keys(schema.properties).filter((argument) => /channel|^users?($|_ids?$)/.test(argument));
      expect([name, [...channels, ...users].sort()]).toEqual([name, named.sort()]);
      expect(schema.properties).not.toHaveProperty('token');
    }
  });
});
