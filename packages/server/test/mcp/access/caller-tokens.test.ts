import { capturedLog } from '@slack-mcp/test-support';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../src/tools/caller.ts';
import { type SlackTokenFor, withCallersTokens } from '../../../src/tools/workspaces/caller-workspaces.ts';
import type { Workspace } from '../../../src/tools/workspaces/workspace.ts';
import { openHost, type TestHost } from '../../support/open-host.ts';

const caller = (name: string): Caller => ({ id: `key:${name}`, kind: 'key', rights: 'write' });

/** A host whose Slack records the token of each call. */
function host(slackTokenFor: SlackTokenFor) {
  const used: string[] = [];
  const log = capturedLog();
  const port = (token: string) => ({
    identity: `identity of ${token}`,
    async call(method: string) {
      // Names are read in the background.
      if (method !== 'conversations.list') used.push(token);
      return { ok: true, channel: 'C0000000001', ts: '1700000000.000100', emoji: {}, message: {} };
    },
  });
  const served = openHost({ slack: port('shared'), openSlack: port, slackTokenFor, logger: log, version: '1' });
  return { served, used, log };
}

const read = (served: TestHost, who?: Caller) => served.callTool('slack_read_emojis', {}, who ? { caller: who } : {});

describe("a caller's Slack token", () => {
  it('comes from the hook, or is the server’s own token if the hook returns none', async () => {
    const { served, used } = host(({ id }) => ({ 'key:alice': 'of-alice', 'key:bob': 'of-bob' })[id]);
    for (const who of [caller('alice'), caller('bob'), caller('carol'), undefined]) {
      expect((await read(served, who)).isError).toBeUndefined();
    }
    expect(used).toEqual(['of-alice', 'of-bob', 'shared', 'shared']);
    await served.close();
  });

  it('keeps messages posted under a key separate from those of other callers', async () => {
    const { served, used } = host(({ id }) => id);
    const post = (who: Caller) =>
      served.callTool(
        'slack_post_message',
        { channel: 'C0000000001', text: 'Hello', idempotency_key: 'one' },
        { caller: who },
      );
    for (const name of ['alice', 'bob', 'alice']) expect((await post(caller(name))).isError).toBeUndefined();
    expect(used).toEqual(['key:alice', 'key:bob']);
    await served.close();
  });

  it.each([
    ['of each caller are separate', 'key:agent-1', 'key:agent-2', 2],
    ['of one caller are shared by all sessions', 'key:agent-1', 'key:agent-1', 1],
  ])('is not needed for idempotency keys: those %s', async (_name, first, second, posts) => {
    const { served, used } = host(() => undefined);
    for (const id of [first, second]) {
      const args = { channel: 'C0000000001', text: 'Hello', idempotency_key: '1' };
      const result = await served.callTool('slack_post_message', args, { caller: { ...caller(''), id } });
      expect(result.isError).toBeUndefined();
    }
    expect(used).toHaveLength(posts);
    await served.close();
  });

  it('is requested once, even by concurrent callers', async () => {
    let asked = 0;
    const { served } = host(async () => {
      asked += 1;
      return 'of-alice';
    });
    await Promise.all([read(served, caller('alice')), read(served, caller('alice'))]);
    await read(served, caller('alice'));
    expect(asked).toBe(1);
    await served.close();
  });

  it('is not replaced when the hook fails, and the thrown error is not shown', async () => {
    let fails = true;
    const { served, used, log } = host(() => {
      if (fails) throw new Error('xoxp-secret of alice');
      return 'of-alice';
    });
    const result = await read(served, caller('alice'));
    expect(result).toMatchObject({ isError: true, _meta: { 'slack-mcp/error': { code: 'token_missing' } } });
    expect(used).toEqual([]);
    expect(JSON.stringify(result) + log.text()).not.toContain('xoxp-secret');
    fails = false;
    expect((await read(served, caller('alice'))).isError).toBeUndefined();
    expect(used).toEqual(['of-alice']);
    await served.close();
  });

  it.each([undefined, null, ''])('is the server’s own when the hook returns %j', async (given) => {
    const { served, used } = host(() => given);
    expect((await read(served, caller('alice'))).isError).toBeUndefined();
    expect(used).toEqual(['shared']);
    await served.close();
  });

  it.each([
    [42, 'number'],
    [{ token: 'xoxb-secret' }, 'object'],
    [['xoxb-secret'], 'array'],
  ])('is rejected when the hook returns %j, and the error names the hook', async (given, type) => {
    const { served, used, log } = host((() => given) as unknown as SlackTokenFor);
    const result = await read(served, caller('alice'));
    expect(result).toMatchObject({ isError: true, _meta: { 'slack-mcp/error': { code: 'token_missing' } } });
    expect(result.content[0]?.text).toMatch(new RegExp(`slackTokenFor returned .*${type}`));
    expect(used).toEqual([]);
    expect(JSON.stringify(result) + log.text()).not.toContain('xoxb-secret');
    await served.close();
  });

  it('is awaited no longer than the limit for a hook, and requested again', async () => {
    const shared = { close() {} } as Workspace;
    let asked = 0;
    const tokenFor = (): Promise<string> => {
      asked += 1;
      return new Promise(() => {});
    };
    const workspaces = withCallersTokens(
      { names: [], of: () => shared, close: () => {} },
      { tokenFor, open: () => shared, timeoutMs: 20, logger: capturedLog() },
    );
    for (const times of [1, 2]) {
      await expect(workspaces.of({ caller: caller('alice') })).rejects.toThrow('slackTokenFor took longer than 20 ms');
      expect(asked).toBe(times);
    }
  });

  it('is not awaited by a cancelled call', async () => {
    const { served } = host(() => new Promise(() => {}));
    const abort = new AbortController();
    const call = served.callTool('slack_read_emojis', {}, { caller: caller('alice'), signal: abort.signal });
    abort.abort(new Error('cancelled by the client'));
    await expect(call).rejects.toThrow('cancelled by the client');
    await served.close();
  });

  it('opens a limited number of workspaces, and closes all of them at the end', async () => {
    const open = new Set<string>();
    const workspace = (token: string) => {
      open.add(token);
      return { close: () => void open.delete(token) } as unknown as Workspace;
    };
    const shared = workspace('shared');
    const workspaces = withCallersTokens(
      { names: [], of: () => shared, close: () => shared.close() },
      { tokenFor: ({ id }) => id, open: workspace, max: 2, logger: capturedLog() },
    );
    for (const name of ['a', 'b', 'a', 'c']) await workspaces.of({ caller: caller(name) });
    expect([...open]).toEqual(['shared', 'key:a', 'key:c']);
    workspaces.close();
    expect([...open]).toEqual([]);
  });
});
