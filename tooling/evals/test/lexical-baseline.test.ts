import { describe, expect, it } from 'vitest';
import { baselineScore, singleStepRequests } from '../src/baseline-score.ts';
import { lexicalBaseline } from '../src/lexical-baseline.ts';
import { listedTools } from '../src/listed-tools.ts';
import { HALVES } from '../src/request.ts';
import { askedWords, wordsOf } from '../src/words.ts';

const tool = (name: string, description: string) => ({
  ...{ name: `slack_${name}`, title: name, description, inputSchema: { type: 'object' as const } },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true as const },
});

it('picks the tool with the most words of the request, by name, description and instructions', () => {
  const pick = lexicalBaseline({
    tools: [tool('find', 'Find channels and people.'), tool('read_file', 'Read a file.'), tool('pins', 'Other work.')],
    instructions: 'If a message is pinned, call slack_pins.',
  });
  expect(pick('Which channel do people like?')).toBe('slack_find');
  expect(pick('Reading of F0123456AB')).toBe('slack_read_file');
  expect(pick('What was pinned?')).toBe('slack_pins');
});

it('reads the forms of a word as the same word', () => {
  for (const [one, other] of [
    ['replies', 'reply'],
    ['posted', 'post'],
    ['scheduling', 'schedule'],
    ['conversational', 'conversation'],
  ] as const) {
    expect(wordsOf(one)).toEqual(wordsOf(other));
  }
});

it('counts words that are only similar, and words of arguments', () => {
  const described = {
    ...tool('send', 'Other work.'),
    inputSchema: { type: 'object' as const, properties: { invoice: {} } },
  };
  const list = {
    tools: [tool('pins', 'Unpin things.'), described, tool('bookmarks', 'Save links.')],
    instructions: '',
  };
  const pick = lexicalBaseline(list);
  expect(pick('An invoice')).toBe('slack_send');
  expect(pick('A bookmarklet')).toBe('slack_bookmarks');
});

it('reads links, times, ids and emoji as the words for what they are', () => {
  expect(wordsOf('Add :eyes: to https://example.slack.com/archives/C0SUPPORT1/p1700001000000100')).toEqual([
    ...['add', 'emoji', 'messag'],
  ]);
  expect(wordsOf('Post "delete the file" to #general')).toEqual(['post', 'channel']);
  expect(askedWords('Announce it')).toContain('post');
});

describe.each(HALVES)('on the %s requests', (half) => {
  it('the baseline finds the right tool far more often than by chance', () => {
    const { requests, chosen } = baselineScore(half);
    expect(requests).toBe(singleStepRequests(half, defaultNames()).length);
    expect(requests).toBeGreaterThan(40);
    // Far above chance, and below the share at the last change: not a target.
    expect(chosen / requests).toBeGreaterThan(half === 'visible' ? 0.8 : 0.5);
  });
});

function defaultNames(): readonly string[] {
  return listedTools().tools.map(({ name }) => name);
}
