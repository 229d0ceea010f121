import type { JsonObject } from '@slack-mcp/core';
import { SlackApiError, type SlackPort, SlackRateLimitedError } from '@slack-mcp/slack';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createDirectory } from '../../../src/tools/directory/directory.ts';
import { type ChannelGateOptions, createChannelGate } from '../../../src/tools/gates/channel-gate.ts';
import { type GateOptions, resolveGateRules } from '../../../src/tools/gates/gate-rules.ts';

const MINUTE = 60_000;

/** A Slack whose channels and users change over time. */
function workshop(options: GateOptions = {}, more: Partial<ChannelGateOptions> = {}) {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const state = {
    channels: [{ id: 'C0000000A1', name: 'alerts' }] as JsonObject[],
    users: [{ id: 'U0ALICE001', name: 'alice' }] as JsonObject[],
  };
  const calls: string[] = [];
  let failure: Error | undefined;
  let answering: Promise<void> | undefined;
  const slack = {
    async call(method: string, args: Record<string, unknown> = {}) {
      calls.push(method);
      if (method.endsWith('.info')) await answering;
      if (failure !== undefined && method.endsWith('.info')) throw failure;
      if (method === 'conversations.list' && args['types'] === 'im') return { ok: true, channels: [] };
      if (method === 'conversations.list') return { ok: true, channels: state.channels };
      if (method === 'users.list') return { ok: true, members: state.users };
      if (method === 'users.info') {
        const user = state.users.find(({ id }) => id === args['user']);
        if (user === undefined) throw new SlackApiError(method, 'user_not_found');
        return { ok: true, user };
      }
      const channel = state.channels.find(({ id }) => id === args['channel']);
      if (channel === undefined) throw new SlackApiError(method, 'channel_not_found');
      return { ok: true, channel };
    },
  } as unknown as SlackPort;
  const directory = createDirectory({ slack });
  onTestFinished(() => directory.close());
  const gateFor = createChannelGate({ rules: resolveGateRules(options), directory, slack, ...more });
  return {
    state,
    calls,
    fail: (error: Error | undefined) => {
      failure = error;
    },
    /** Questions wait until what is returned is called. */
    hold: (): (() => void) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      answering = promise;
      return resolve;
    },
    write: gateFor({ writes: true }),
    read: gateFor({ writes: false }),
  };
}

const count = (calls: readonly string[], method: string): number => calls.filter((call) => call === method).length;

describe('a write by name', () => {
  it('goes to the channel that has the name now, however long the process was idle', async () => {
    const at = workshop();
    expect(await at.write.resolve('alerts')).toBe('C0000000A1');
    vi.advanceTimersByTime(300 * MINUTE);
    at.state.channels = [
      { id: 'C0000000A1', name: 'alerts-old', previous_names: ['alerts'] },
      { id: 'C0000000B2', name: 'alerts' },
    ];
    expect(await at.write.resolve('#alerts')).toBe('C0000000B2');
  });

  it('is rejected if no channel has the name any more', async () => {
    const at = workshop();
    await at.write.resolve('alerts');
    vi.advanceTimersByTime(2 * MINUTE);
    at.state.channels = [{ id: 'C0000000A1', name: 'alerts-old' }];
    await expect(at.write.resolve('alerts')).rejects.toMatchObject({ code: 'unknown_channel' });
    at.state.channels = [];
    vi.advanceTimersByTime(MINUTE);
    await expect(at.write.resolve('alerts-old')).rejects.toMatchObject({ code: 'unknown_channel' });
  });

  it('costs one call a minute, and none while the list is fresh', async () => {
    const at = workshop();
    await at.write.resolve('alerts');
    await at.write.resolve('alerts');
    expect(count(at.calls, 'conversations.info')).toBe(0);
    vi.advanceTimersByTime(MINUTE);
    await Promise.all([at.write.resolve('alerts'), at.write.resolve('alerts')]);
    await at.write.resolve('alerts');
    expect(count(at.calls, 'conversations.info')).toBe(1);
    vi.advanceTimersByTime(MINUTE);
    await at.write.resolve('alerts');
    expect(count(at.calls, 'conversations.info')).toBe(2);
    expect(count(at.calls, 'conversations.list')).toBe(1);
  });

  it('shares its call with the rules', async () => {
    const at = workshop({ writeChannels: ['alerts'] });
    await at.write.resolve('alerts');
    vi.advanceTimersByTime(MINUTE);
    await at.write.resolve('alerts');
    expect(count(at.calls, 'conversations.info')).toBe(1);
  });

  it('is rejected while Slack limits the call, with the time to wait', async () => {
    const at = workshop();
    await at.write.resolve('alerts');
    vi.advanceTimersByTime(MINUTE);
    at.fail(new SlackRateLimitedError('conversations.info', 30));
    await expect(at.write.resolve('alerts')).rejects.toMatchObject({
      code: 'rate_limited',
      details: { retry_after_s: 30 },
    });
    at.fail(undefined);
    expect(await at.write.resolve('alerts')).toBe('C0000000A1');
  });

  it('of a person reaches the user who has the name now', async () => {
    const at = workshop();
    expect(await at.write.resolve('@alice', { opens: true })).toBe('U0ALICE001');
    vi.advanceTimersByTime(2 * MINUTE);
    at.state.users = [
      { id: 'U0ALICE001', name: 'alice.former' },
      { id: 'U0ALICE002', name: 'alice' },
    ];
    expect(await at.write.resolve('@alice', { opens: true })).toBe('U0ALICE002');
  });
});

describe('a read by name', () => {
  it('needs no confirmation', async () => {
    const at = workshop();
    await at.read.resolve('alerts');
    vi.advanceTimersByTime(5 * MINUTE);
    await at.read.resolve('alerts');
    expect(at.calls).toEqual(['conversations.list']);
  });
});

describe('the properties of a channel', () => {
  const shared = { id: 'C0000000A1', name: 'alerts', is_ext_shared: true };

  it.each([
    ['is_ext_shared', shared],
    ['is_pending_ext_shared', { id: 'C0000000A1', name: 'alerts', is_pending_ext_shared: true }],
  ])(
    'are fetched again after a minute for a write, so that a recently shared channel is rejected: %s',
    async (_flag, changed) => {
      const at = workshop({ externalChannels: 'read' });
      expect(await at.write.resolve('C0000000A1')).toBe('C0000000A1');
      at.state.channels = [changed];
      vi.advanceTimersByTime(MINUTE - 1);
      await at.write.resolve('C0000000A1');
      vi.advanceTimersByTime(1);
      await expect(at.write.resolve('C0000000A1')).rejects.toMatchObject({ setting: 'SLACK_MCP_EXTERNAL_CHANNELS' });
      expect(count(at.calls, 'conversations.info')).toBe(2);
    },
  );

  it('are fetched again after ten minutes for a read', async () => {
    const at = workshop({ externalChannels: 'deny' });
    await at.read.resolve('C0000000A1');
    at.state.channels = [shared];
    vi.advanceTimersByTime(10 * MINUTE - 1);
    await at.read.resolve('C0000000A1');
    vi.advanceTimersByTime(1);
    await expect(at.read.resolve('C0000000A1')).rejects.toMatchObject({ setting: 'SLACK_MCP_EXTERNAL_CHANNELS' });
  });

  it('also come from the list', async () => {
    const at = workshop({ externalChannels: 'deny' });
    at.state.channels = [{ id: 'C0000000A1', name: 'alerts', is_pending_ext_shared: true }];
    await expect(at.read.resolve('alerts')).rejects.toMatchObject({ setting: 'SLACK_MCP_EXTERNAL_CHANNELS' });
  });

  it.each(['C0000000A1', 'G0000000A1'])('are fetched for %s if a rule names channels', async (id) => {
    const at = workshop({ readChannels: ['!hr'] });
    at.state.channels = [{ id, name: 'people', previous_names: ['hr'] }];
    await expect(at.read.resolve(id)).rejects.toMatchObject({ setting: 'SLACK_MCP_READ_CHANNELS' });
    expect(at.calls).toEqual(['conversations.info']);
  });

  it('allow nothing if they contain no name', async () => {
    const at = workshop({ readChannels: ['!hr'] });
    at.state.channels = [{ id: 'C0000000A1' }];
    await expect(at.read.resolve('C0000000A1')).rejects.toThrow(/does not return the name of C0000000A1/);
  });

  it('are requested for reading only if the read rules need them', async () => {
    const at = workshop({ readChannels: ['!hr'] });
    at.state.channels = [{ id: 'C0000000A1', name: 'people' }];
    expect(await at.read.resolve('C0000000A1')).toBe('C0000000A1');
    expect(await at.write.resolve('C0000000A1')).toBe('C0000000A1');
    expect(at.calls).toEqual(['conversations.info']);
  });

  it.each([
    ['is_im', 'D0000000A1'],
    ['is_mpim', 'C0000000A1'],
    ['is_mpim', 'G0000000A1'],
  ])('make a channel a direct message: %s of %s', async (flag, id) => {
    const at = workshop({ readChannels: ['!@dm'], writeChannels: ['@dm', '!hr'] });
    at.state.channels = [{ id, name: 'mpdm-alice--bob-1', [flag]: true }];
    await expect(at.read.resolve(id)).rejects.toMatchObject({ setting: 'SLACK_MCP_READ_CHANNELS' });
    expect(await at.write.resolve(id)).toBe(id);
  });

  it('reach the other callers when the first caller aborts', async () => {
    const at = workshop({ externalChannels: 'deny' });
    const answer = at.hold();
    const leaving = new AbortController();
    const first = at.read.resolve('C0000000A1', { signal: leaving.signal });
    const second = at.read.resolve('C0000000A1');
    await vi.waitFor(() => expect(at.calls).toEqual(['conversations.info']), 20_000);
    leaving.abort(new Error('given up'));
    await expect(first).rejects.toThrow('given up');
    answer();
    expect(await second).toBe('C0000000A1');
    expect(at.calls).toEqual(['conversations.info']);
  });

  it('are not cached after a failure', async () => {
    const at = workshop({ externalChannels: 'deny' });
    at.fail(new SlackRateLimitedError('conversations.info', 1));
    await expect(at.read.resolve('C0000000A1')).rejects.toMatchObject({ code: 'rate_limited' });
    at.fail(undefined);
    expect(await at.read.resolve('C0000000A1')).toBe('C0000000A1');
  });
});
