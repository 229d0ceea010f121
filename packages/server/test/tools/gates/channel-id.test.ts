import type { JsonObject } from '@slack-mcp/core';
import { SlackRateLimitedError } from '@slack-mcp/slack';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { createDirectory } from '../../../src/tools/directory/directory.ts';
import { createChannelGate } from '../../../src/tools/gates/channel-gate.ts';
import type { ChannelId } from '../../../src/tools/gates/channel-id.ts';
import { type GateOptions, resolveGateRules } from '../../../src/tools/gates/gate-rules.ts';
import { gateSlack } from '../../../src/tools/gates/gated-slack.ts';
import { SealedAnswer } from '../../../src/tools/gates/sealed-answer.ts';

/** A Slack with given answers by method. */
function openSlack(answers: Readonly<Record<string, JsonObject | Error>> = {}) {
  const calls: { method: string; args: unknown }[] = [];
  const port = {
    async call(method: string, args: unknown) {
      calls.push({ method, args });
      const answer = answers[method] ?? { ok: true };
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return { port, slack: gateSlack(port), calls };
}

function openGate(options: GateOptions, answers: Readonly<Record<string, JsonObject | Error>> = {}) {
  const { port, slack, calls } = openSlack(answers);
  const gateFor = createChannelGate({
    rules: resolveGateRules(options),
    directory: createDirectory({ slack: port }),
    slack: port,
  });
  return { slack, calls, gate: gateFor({ writes: false }) };
}

describe('a tool that does not ask the gate', () => {
  const { slack } = openSlack();
  const raw: string = 'C0123456789';
  const wide: Record<string, unknown> = { channel: raw };

  it('does not compile', async () => {
    // @ts-expect-error: an id that the gate has not approved
    await slack.call('chat.postMessage', { channel: raw, text: 'Hello' });
    // @ts-expect-error: a literal id
    await slack.call('conversations.history', { channel: 'C0123456789' });
    // @ts-expect-error: an id under another argument name
    await slack.call('bookmarks.list', { channel_id: raw });
    // @ts-expect-error: several ids
    await slack.call('conversations.invite', { channels: [raw] });
    // @ts-expect-error: an id in arguments with unknown names
    await slack.call('reactions.add', wide);
    // @ts-expect-error: a string is not an approved id
    const id: ChannelId = raw;
    expect(id).toBe(raw);
  });

  it('compiles with an id from the gate', async () => {
    const { gate, slack: gated, calls } = openGate({});
    const channel = await gate.resolve(raw);
    expectTypeOf(channel).toEqualTypeOf<ChannelId>();
    expectTypeOf(await gated.call('chat.postMessage', { channel, text: 'Hello' })).toEqualTypeOf<JsonObject>();
    expect(calls).toEqual([{ method: 'chat.postMessage', args: { channel: raw, text: 'Hello' } }]);
  });
});

describe('an answer that may name channels', () => {
  const found = [
    { text: 'open', channel: 'C0GENERAL1' },
    { text: 'denied', channel: 'C0SECRET01' },
    { text: 'open too', channel: 'C0GENERAL1' },
    { text: 'of no channel' },
  ];
  const answers = { 'search.messages': { ok: true, matches: found } };
  type Match = { text: string; channel?: string };

  it('cannot be read before it passed the gate', async () => {
    const { slack } = openSlack(answers);
    const answer = await slack.call('search.messages', { query: 'x' });
    expectTypeOf(answer).toEqualTypeOf<SealedAnswer>();
    // @ts-expect-error: a sealed answer has no fields
    expect(answer['matches']).toBeUndefined();
    expect(JSON.stringify(answer)).toBe('{}');
  });

  it('is sealed for every method that is not known to concern a single channel', async () => {
    const { slack } = openSlack();
    const method: string = 'files.list';
    expectTypeOf(await slack.call(method)).toEqualTypeOf<SealedAnswer>();
    expect(await slack.call(method)).toBeInstanceOf(SealedAnswer);
    expect(await slack.call('conversations.list')).toBeInstanceOf(SealedAnswer);
  });

  it('loses content of channels that may not be read, and content without a channel', async () => {
    const { gate, slack } = openGate({ readChannels: ['!C0SECRET01'] }, answers);
    const answer = await slack.call('search.messages', { query: 'x' });
    const readable = await gate.readable(
      answer,
      ({ matches }) => matches as Match[],
      ({ channel }) => channel,
    );
    expect(readable.items.map(({ item }) => item.text)).toEqual(['open', 'open too']);
    expectTypeOf(readable.items[0]?.channel).toEqualTypeOf<ChannelId | undefined>();
    expect(readable.withheld).toBe(2);
  });

  it('causes one call to Slack for each channel whose properties the rules need', async () => {
    const { gate, slack, calls } = openGate(
      { readChannels: ['general'] },
      { ...answers, 'conversations.info': { ok: true, channel: { id: 'C0GENERAL1', name: 'general' } } },
    );
    const answer = await slack.call('search.messages', { query: 'x' });
    await gate.readable(
      answer,
      ({ matches }) => matches as Match[],
      ({ channel }) => channel,
    );
    expect(calls.map(({ method }) => method)).toEqual(['search.messages', 'conversations.info', 'conversations.info']);
  });

  it('is refused as a whole when Slack does not say what its channels are, so that nothing is taken for withheld', async () => {
    const failure = new SlackRateLimitedError('conversations.info', 30);
    const { gate, slack } = openGate({ readChannels: ['general'] }, { ...answers, 'conversations.info': failure });
    const answer = await slack.call('search.messages', { query: 'x' });
    const readable = gate.readable(
      answer,
      ({ matches }) => matches as Match[],
      ({ channel }) => channel,
    );
    await expect(readable).rejects.toBe(failure);
  });
});
