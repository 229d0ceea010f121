import { describe, expect, it } from 'vitest';
import { fittingItems } from '../../../src/tools/messages/answer-budget.ts';
import { messagePageSchema, slackLimit, toMessagePage } from '../../../src/tools/messages/message-page.ts';

const messages = Array.from({ length: 15 }, (_, index) => ({ ts: `${index}.1`, text: 'x', user: 'U1' }));

describe('toMessagePage', () => {
  it('reports when Slack returned fewer messages than requested though there are more', () => {
    const page = toMessagePage('C1', { messages, has_more: true, response_metadata: { next_cursor: 'abc' } }, 100);
    expect(page).toMatchObject({
      has_more: true,
      next_cursor: 'abc',
      truncated: expect.stringContaining('15 of the 100'),
    });
    expect(messagePageSchema().safeParse(page).success).toBe(true);
  });

  it.each([
    [{ messages, has_more: true, response_metadata: { next_cursor: 'abc' } }, 15],
    [{ messages, has_more: false }, 100],
    [{ messages }, 100],
    [{ messages, response_metadata: { next_cursor: '' } }, 100],
  ])('reports nothing when nothing is missing', (answer, limit) => {
    expect(toMessagePage('C1', answer, limit).truncated).toBeUndefined();
  });

  it('returns an empty page for an answer without messages', () => {
    expect(toMessagePage('C1', {}, 100)).toMatchObject({ messages: [], has_more: false });
  });
});

describe('slackLimit', () => {
  it.each([
    [1, 1],
    [999, 999],
    [1000, 999],
  ])('requests %i as %i', (limit, expected) => {
    expect(slackLimit(limit)).toBe(expected);
  });
});

describe('a page of an app that Slack limits to 15 messages', () => {
  const messages = Array.from({ length: 15 }, (_, index) => ({ ts: `${index}.000100`, text: 'x' }));

  it('is reported', () => {
    const page = toMessagePage('C1', { ok: true, messages, has_more: true }, 100);
    expect(page.truncated).toMatch(
      /15 of the 100 requested messages, the most that it returns to apps .*once a minute/,
    );
  });

  it.each([
    ['there are no more messages', 100, false],
    ['no more were requested', 15, true],
  ])('is not reported when %s', (_name, limit, more) => {
    expect(toMessagePage('C1', { ok: true, messages, has_more: more }, limit).truncated).toBeUndefined();
  });
});

describe('the end of the messages', () => {
  it('is not reached while Slack returns a cursor, also without has_more', () => {
    const page = toMessagePage('C1', { messages, response_metadata: { next_cursor: 'abc' } }, 15);
    expect(page).toMatchObject({ has_more: true, next_cursor: 'abc' });
  });

  it('is not reached if the messages do not fit into one answer', () => {
    const long = Array.from({ length: 40 }, (_, index) => ({
      ts: `17000000${index + 10}.000100`,
      text: 'x'.repeat(3_000),
    }));
    const page = toMessagePage('C1', { messages: long, has_more: false }, 40);
    expect(page.messages.length).toBeLessThan(40);
    const last = page.messages.at(-1) as { ts: string } | undefined;
    expect(page).toMatchObject({ has_more: true, next_cursor: `before:${last?.ts}` });
  });
});

describe('fittingItems', () => {
  it('accepts one item at least, however large it is', () => {
    const large = { text: 'x'.repeat(200_000) };
    expect(fittingItems([large])).toBe(1);
    expect(fittingItems([large, large])).toBe(1);
    expect(fittingItems([])).toBe(0);
  });
});
