import type { JsonObject } from '@slack-mcp/core';
import { describe, expect, it } from 'vitest';
import type { ChannelId } from '../../../../src/tools/gates/channel-id.ts';
import { readThread } from '../../../../src/tools/toolsets/messages/read-thread.ts';

const START = '1700000000.000100';
const parent = { ts: START, thread_ts: START, text: 'the question' };
const replies = (from: number, to: number): JsonObject[] =>
  Array.from({ length: to - from }, (_, index) => ({ ts: `17000001${from + index}.000100`, thread_ts: START }));

/** A Slack that returns these pages in turn. */
function slackOf(...pages: JsonObject[][]) {
  const calls: object[] = [];
  const call = async (_method: string, args: object): Promise<JsonObject> => {
    const next = calls.push(args) < pages.length ? `page ${calls.length}` : '';
    return {
      ok: true,
      messages: structuredClone(pages[calls.length - 1] ?? []),
      response_metadata: { next_cursor: next },
    };
  };
  const context = { slack: { call }, signal: new AbortController().signal, progress: () => {} };
  return { calls, context: context as unknown as Parameters<typeof readThread>[2] };
}

const window = { channel: 'C0GENERAL1' as ChannelId, ts: START };
const stamps = ({ answer }: { answer: JsonObject }): unknown =>
  (answer['messages'] as JsonObject[]).map(({ ts }) => ts);

describe('a thread over several pages that all begin with the first message', () => {
  it('contains the first message once', async () => {
    const { context, calls } = slackOf([parent, ...replies(100, 700)], [parent, ...replies(700, 710)]);
    const thread = await readThread(window, 1_000, context);
    expect(calls).toHaveLength(2);
    expect(stamps(thread)).toEqual([parent, ...replies(100, 710)].map(({ ts }) => ts));
    expect(thread.answer).toMatchObject({ has_more: false, response_metadata: { next_cursor: '' } });
  });

  it('leads back to the replies that were left out', async () => {
    const { context } = slackOf([parent, ...replies(100, 700)], [parent, ...replies(700, 710)]);
    const thread = await readThread(window, 5, context);
    expect(stamps(thread)).toEqual([parent, ...replies(706, 710)].map(({ ts }) => ts));
    const cursor = `before:${String(replies(706, 707)[0]?.['ts'])}`;
    expect(thread.answer).toMatchObject({ has_more: true, response_metadata: { next_cursor: cursor } });
  });
});

it('reads a message without replies in one call', async () => {
  const { context, calls } = slackOf([{ ts: START, text: 'no thread' }]);
  expect(stamps(await readThread(window, 5, context))).toEqual([START]);
  expect(calls).toHaveLength(1);
});
