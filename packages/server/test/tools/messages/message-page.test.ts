import { describe, expect, it } from 'vitest';
import { messagePageSchema, slackLimit, toMessagePage } from '../../../src/tools/messages/message-page.ts';

const messages = Array.from({ length: 15 }, (_, index) => ({ ts: `${index}.1`, text: 'x', user: 'U1' }));

describe('toMessagePage', () => {
  it('says when Slack gave fewer than asked for though there are more', () => {
    const page = toMessagePage('C1', { messages, has_more: true, response_metadata: { next_cursor: 'abc' } }, 100);
    expect(page).toMatchObject({
      has_more: true,
      next_cursor: 'abc',
      truncated: expect.stringContaining('15 of the 100'),
    });
    expect(messagePageSchema.safeParse(page).success).toBe(true);
  });

  it.each([
    [{ messages, has_more: true, response_metadata: { next_cursor: 'abc' } }, 15],
    [{ messages, has_more: false }, 100],
    [{ messages }, 100],
    [{ messages, response_metadata: { next_cursor: '' } }, 100],
  ])('says nothing where nothing is missing', (answer, limit) => {
    expect(toMessagePage('C1', answer, limit).truncated).toBeUndefined();
  });

  it('gives an empty page for an answer without messages', () => {
    expect(toMessagePage('C1', {}, 100)).toMatchObject({ messages: [], has_more: false });
  });
});

describe('slackLimit', () => {
  it.each([
    [1, 1],
    [999, 999],
    [1000, 999],
  ])('asks for %i as %i', (limit, expected) => {
    expect(slackLimit(limit)).toBe(expected);
  });
});

describe('a page of an app that Slack limits to 15 messages', () => {
  const messages = Array.from({ length: 15 }, (_, index) => ({ ts: `${index}.000100`, text: 'x' }));

  it('says so', () => {
    const page = toMessagePage('C1', { ok: true, messages, has_more: true }, 100);
    expect(page.truncated).toMatch(/15 of the 100 asked for, its limit for apps .*once a minute/);
  });

  it.each([
    ['there is no more', 100, false],
    ['no more was asked for', 15, true],
  ])('is not one when %s', (_name, limit, more) => {
    expect(toMessagePage('C1', { ok: true, messages, has_more: more }, limit).truncated).toBeUndefined();
  });
});
