import type { JsonObject } from '@slack-mcp/core';
import type { SlackPort } from '@slack-mcp/slack';
import { SlackApiError, SlackRateLimitedError } from '@slack-mcp/slack';
import { describe, expect, it } from 'vitest';
import { createDirectory } from '../../../src/tools/directory/directory.ts';
import { NameError } from '../../../src/tools/directory/name-errors.ts';

type Args = Readonly<Record<string, unknown>>;

/** A Slack with these channels, two per page. */
function slackWith(channels: JsonObject[], fail?: (args: Args) => Error | undefined) {
  const calls: Args[] = [];
  const slack: SlackPort = {
    async call(method, args = {}) {
      expect(method).toBe('conversations.list');
      calls.push(args);
      const error = fail?.(args);
      if (error !== undefined) throw error;
      const start = Number(args['cursor'] ?? 0);
      const next = start + 2 < channels.length ? String(start + 2) : '';
      return { ok: true, channels: channels.slice(start, start + 2), response_metadata: { next_cursor: next } };
    },
  };
  return { slack, calls };
}

const five = ['one', 'two', 'three', 'four', 'five'].map((name, index) => ({ id: `C000000${index}`, name }));

describe('resolving a channel', () => {
  it.each(['C0123456789', 'G0123456789', 'D0123456789', 'U0123456789', '<#C0123456789|general>'])(
    'needs no call for %s',
    async (reference) => {
      const { slack, calls } = slackWith([]);
      const id = await createDirectory({ slack }).channels.resolve(reference);
      expect(reference).toContain(id);
      expect(calls).toHaveLength(0);
    },
  );

  it.each(['GENERAL', 'GROUP123', 'DESIGN', 'UPDATES', '#CHANNEL2024'])(
    'treats %s as a name, because it is too short for an id or marked as a name',
    async (reference) => {
      const { slack } = slackWith([{ id: 'C0123456789', name: reference.replace('#', '').toLowerCase() }]);
      expect(await createDirectory({ slack }).channels.resolve(reference)).toBe('C0123456789');
    },
  );

  it('reads every page once for concurrent callers', async () => {
    const { slack, calls } = slackWith(five);
    const directory = createDirectory({ slack }).channels;
    expect(await Promise.all(['#five', 'one', 'THREE'].map((name) => directory.resolve(name)))).toEqual([
      'C0000004',
      'C0000000',
      'C0000002',
    ]);
    await directory.resolve('two');
    expect(calls.map((args) => args['cursor'])).toEqual([undefined, '2', '4']);
  });

  it('looks up an unknown name again after a while, not immediately', async () => {
    const { slack, calls } = slackWith(five.slice(0, 1));
    const patient = createDirectory({ slack }).channels;
    await expect(patient.resolve('new')).rejects.toThrow(NameError);
    await expect(patient.resolve('new')).rejects.toThrow(NameError);
    expect(calls).toHaveLength(1);
    const eager = createDirectory({ slack, refreshAfterMs: 0 }).channels;
    await expect(eager.resolve('new')).rejects.toThrow(NameError);
    await expect(eager.resolve('new')).rejects.toThrow(NameError);
    await eager.resolve('one');
    expect(calls).toHaveLength(3);
  });

  it('rejects a name that two channels have, with their ids', async () => {
    const { slack } = slackWith([
      { id: 'C1AAAAAAA', name: 'twin' },
      { id: 'C2AAAAAAA', name: 'twin' },
    ]);
    const error = await createDirectory({ slack })
      .channels.resolve('twin')
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ candidates: ['C1AAAAAAA', 'C2AAAAAAA'] });
  });

  it('finds the public channels without groups:read', async () => {
    const { slack, calls } = slackWith(five, (args) =>
      String(args['types']).includes('private')
        ? new SlackApiError('conversations.list', 'missing_scope', { needed: 'groups:read' })
        : undefined,
    );
    expect(await createDirectory({ slack }).channels.resolve('one')).toBe('C0000000');
    expect(calls.map((args) => args['types'])).toContain('public_channel');
  });

  it('reports why the list cannot be read, and tries again next time', async () => {
    let limited = true;
    const { slack } = slackWith(five, () =>
      limited ? new SlackRateLimitedError('conversations.list', 30) : undefined,
    );
    const directory = createDirectory({ slack }).channels;
    await expect(directory.resolve('one')).rejects.toBeInstanceOf(SlackRateLimitedError);
    limited = false;
    expect(await directory.resolve('one')).toBe('C0000000');
  });

  it('ends only for the caller that cancels', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const { slack } = slackWith(five);
    const directory = createDirectory({
      slack: { call: async (...call) => gate.then(() => slack.call(...call)) },
    }).channels;
    const abort = new AbortController();
    const impatient = directory.resolve('one', { signal: abort.signal });
    const patient = directory.resolve('two');
    abort.abort(new Error('enough'));
    await expect(impatient).rejects.toThrow('enough');
    open();
    expect(await patient).toBe('C0000001');
  });
});
