import type { JsonObject } from '@slack-mcp/core';
import { createSimulator } from '@slack-mcp/simulator';
import type { SlackPort } from '@slack-mcp/slack';
import { createSlackPort, SlackNetworkError, SlackRateLimitedError } from '@slack-mcp/slack';
import { describe, expect, it } from 'vitest';
import { createDirectory } from '../../../src/tools/directory/directory.ts';
import { NamesLoadingError } from '../../../src/tools/directory/name-errors.ts';

/** A Slack with pages of one channel each; `before` can fail or delay a page. */
function slackOf(names: string[], before: (page: number, calls: number) => Promise<void> | void = () => {}) {
  let calls = 0;
  const slack: SlackPort = {
    async call(_method, args = {}) {
      const page = Number(args['cursor'] ?? 0);
      calls += 1;
      await before(page, calls);
      const next = page + 1 < names.length ? String(page + 1) : '';
      const channels: JsonObject[] = [{ id: `C000000${page}`, name: names[page] ?? '' }];
      return { ok: true, channels, response_metadata: { next_cursor: next } };
    },
  };
  return {
    slack,
    names,
    get calls() {
      return calls;
    },
  };
}

async function simulated() {
  const simulator = await createSimulator({ signingSecret: 'secret', botToken: 'xoxb-1' });
  const directory = createDirectory({ slack: createSlackPort({ token: 'xoxb-1', apiUrl: simulator.url }) });
  return {
    simulator,
    directory,
    async [Symbol.asyncDispose]() {
      directory.close();
      await simulator.close();
    },
  };
}

describe('users', () => {
  it.each(['@alice', 'alice', 'ALICE', 'Alice Example', 'U0ALICE001', '<@U0ALICE001>', '<@U0ALICE001|alice>'])(
    'are found as %j',
    async (reference) => {
      await using at = await simulated();
      expect(await at.directory.users.resolve(reference)).toBe('U0ALICE001');
    },
  );

  it('return an error with the nearest names if they are unknown or deactivated', async () => {
    await using at = await simulated();
    await expect(at.directory.users.resolve('@alise')).rejects.toMatchObject({
      code: 'unknown_user',
      candidates: ['alice'],
    });
    await expect(at.directory.users.resolve('@dave')).rejects.toMatchObject({ code: 'unknown_user' });
  });

  it('return an error with their ids if they share a name', async () => {
    const members = ['U0000001', 'U0000002'].map((id) => ({ id, name: id, profile: { display_name: 'Sam' } }));
    const directory = createDirectory({ slack: { call: async () => ({ ok: true, members }) } });
    await expect(directory.users.resolve('@sam')).rejects.toMatchObject({ candidates: ['U0000001', 'U0000002'] });
  });

  it('refer to their direct messages where a channel is expected', async () => {
    await using at = await simulated();
    expect(await at.directory.channels.resolve('@alice')).toBe('U0ALICE001');
    expect(await at.simulator.calls('conversations.list')).toHaveLength(0);
  });
});

describe('user groups', () => {
  const usergroups = [{ id: 'S0123456789', handle: 'oncall', name: 'People on call' }];
  const slack: SlackPort = { call: async () => ({ ok: true, usergroups }) };

  it.each(['@oncall', 'oncall', 'people on call', 'S0123456789', '<!subteam^S0123456789|@oncall>'])(
    'are found as %j',
    async (reference) => {
      expect(await createDirectory({ slack }).userGroups.resolve(reference)).toBe('S0123456789');
    },
  );

  it('return an error with the nearest handles if they are unknown', async () => {
    await expect(createDirectory({ slack }).userGroups.resolve('@oncal')).rejects.toMatchObject({
      code: 'unknown_user_group',
      candidates: ['oncall'],
    });
  });
});

describe('emoji', () => {
  it('resolve aliases, with or without colons', async () => {
    await using at = await simulated();
    expect(await at.directory.emoji.resolve(':squirrel:')).toBe('shipit');
    expect(await at.directory.emoji.resolve('shipit')).toBe('shipit');
    await expect(at.directory.emoji.resolve(':shipped:')).rejects.toMatchObject({ code: 'unknown_emoji' });
  });
});

describe('outdated names', () => {
  it('are used while they are refreshed in the background', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const at = slackOf(['old'], async (_page, calls) => (calls > 1 ? gate : undefined));
    const { channels } = createDirectory({ slack: at.slack, staleAfterMs: 0, refreshAfterMs: 60_000 });
    await channels.resolve('old');
    at.names[0] = 'new';
    expect(await channels.resolve('old')).toBe('C0000000');
    await expect.poll(() => at.calls).toBe(2);
    expect(await channels.resolve('old')).toBe('C0000000');
    open();
    await expect.poll(() => channels.resolve('new').catch(() => 'unknown')).toBe('C0000000');
    await expect(channels.resolve('old')).rejects.toMatchObject({ candidates: [] });
  });

  it('remain in use if they cannot be refreshed', async () => {
    const at = slackOf(['one'], (_page, calls) => {
      if (calls > 1) throw new SlackNetworkError('conversations.list', 'unreachable');
    });
    const { channels } = createDirectory({ slack: at.slack, staleAfterMs: 0, refreshAfterMs: 60_000 });
    await channels.resolve('one');
    for (let index = 0; index < 3; index += 1) expect(await channels.resolve('one')).toBe('C0000000');
  });
});

describe('a long list', () => {
  it('resumes where a failure or a limit stopped it', async () => {
    const at = slackOf(['one', 'two', 'three', 'four'], (page, calls) => {
      if (page === 1 && calls === 2) throw new SlackRateLimitedError('conversations.list', 3600);
      if (page === 3 && calls === 5) throw new SlackNetworkError('conversations.list', 'connection_lost');
    });
    const directory = createDirectory({ slack: at.slack });
    await expect(directory.channels.resolve('four')).rejects.toBeInstanceOf(SlackRateLimitedError);
    await expect(directory.channels.resolve('four')).rejects.toBeInstanceOf(SlackNetworkError);
    expect(await directory.channels.resolve('four')).toBe('C0000003');
    expect(at.calls).toBe(6);
    directory.close();
  });

  it('resumes in the background after a limit, even if no caller waits any longer', async () => {
    const at = slackOf(['one', 'two'], (_page, calls) => {
      if (calls === 2) throw new SlackRateLimitedError('conversations.list', 0);
    });
    const directory = createDirectory({ slack: at.slack });
    await expect(directory.channels.resolve('two')).rejects.toBeInstanceOf(SlackRateLimitedError);
    await expect.poll(() => at.calls).toBe(3);
    await expect.poll(() => directory.channels.known('C0000001')?.names).toEqual(['two']);
  });

  it('is awaited for a limited time, and is still read to its end', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const at = slackOf(['one', 'two'], (page) => (page === 1 ? gate : undefined));
    const { channels } = createDirectory({ slack: at.slack, waitMs: 20 });
    const error = await channels.resolve('two').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(NamesLoadingError);
    expect((error as Error).message).toContain('1 so far');
    open();
    await expect.poll(() => channels.resolve('two').catch(() => undefined)).toBe('C0000001');
    expect(at.calls).toBe(2);
  });

  it('is truncated at a size limit, and an error says so', async () => {
    const at = slackOf(['one', 'two', 'three', 'four', 'five']);
    const { channels } = createDirectory({ slack: at.slack, maxEntries: 2 });
    expect(await channels.resolve('two')).toBe('C0000001');
    await expect(channels.resolve('#five')).rejects.toThrow('Only the first 2');
    expect(at.calls).toBe(3);
  });

  it('is not read further after the directory is closed', async () => {
    const at = slackOf(['one', 'two'], (_page, calls) => {
      if (calls === 2) throw new SlackRateLimitedError('conversations.list', 0);
    });
    const directory = createDirectory({ slack: at.slack });
    const waiting = directory.channels.resolve('two').catch((error: unknown) => error);
    directory.close();
    expect(await waiting).toBeInstanceOf(SlackRateLimitedError);
    await new Promise(setImmediate);
    expect(at.calls).toBe(2);
  });
});

describe('warming', () => {
  it('reads once in the background, and shares the read with concurrent callers', async () => {
    const at = slackOf(['one', 'two']);
    const directory = createDirectory({ slack: at.slack });
    directory.warm();
    directory.warm();
    expect(await directory.channels.resolve('two')).toBe('C0000001');
    directory.warm();
    await new Promise(setImmediate);
    expect(at.calls).toBe(2);
  });

  it('pauses after a failure, so that a token without the scope is not tried repeatedly', async () => {
    const at = slackOf(['one'], () => {
      throw new SlackNetworkError('conversations.list', 'unreachable');
    });
    const directory = createDirectory({ slack: at.slack });
    directory.warm();
    await expect.poll(() => at.calls).toBe(1);
    await new Promise(setImmediate);
    directory.warm();
    await new Promise(setImmediate);
    expect(at.calls).toBe(1);
  });
});
