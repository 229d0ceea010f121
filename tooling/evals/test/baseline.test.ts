import type { JsonObject } from '@slack-mcp/core';
import { describe, expect, it } from 'vitest';
import { argumentMatch } from '../src/baseline/argument-match.ts';
import { baselineScore, singleStepRequests } from '../src/baseline/baseline-score.ts';
import type { Clues } from '../src/baseline/clues.ts';
import { chances, fitWeights } from '../src/baseline/fit-weights.ts';
import { lexicalBaseline } from '../src/baseline/lexical-baseline.ts';
import { toolTexts } from '../src/baseline/tool-texts.ts';
import { readMeanings, similarity } from '../src/baseline/word-vectors.ts';
import { askedWords, wordsOf } from '../src/baseline/words.ts';
import { listedTools } from '../src/listed-tools.ts';
import { HALVES } from '../src/request.ts';

const tool = (name: string, description: string, input: JsonObject = {}) => ({
  ...{ name: `slack_${name}`, title: name, description, inputSchema: { type: 'object' as const, ...input } },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true as const },
});
const meaningOf = readMeanings();

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

it('picks a tool by the meaning of words that occur in no tool', () => {
  const list = {
    tools: [tool('calendar', 'Plan a meeting.'), tool('photo', 'Take a picture.'), tool('money', 'Pay a bill.')],
    instructions: '',
  };
  const pick = lexicalBaseline(list);
  expect(pick('An invoice with taxes')).toBe('slack_money');
  expect(pick('The camera')).toBe('slack_photo');
});

it('knows that words are near that mean nearly the same', () => {
  const near = (one: string, other: string): number => similarity(meaningOf(one), meaningOf(other));
  expect(near('reply', 'reply')).toBeCloseTo(1);
  expect(near('file', 'pdf')).toBeGreaterThan(near('file', 'announce'));
  expect(near('answer', 'reply')).toBeGreaterThan(near('answer', 'channel'));
  expect(near('emoji', 'smiley')).toBeGreaterThan(near('emoji', 'file'));
  expect(near('', 'reply')).toBe(0);
});

it('reads links, times, ids and emoji as the words for what they are', () => {
  expect(wordsOf('Add :eyes: to https://example.slack.com/archives/C0SUPPORT1/p1700001000000100')).toEqual([
    ...['add', 'emoji', 'messag'],
  ]);
  expect(wordsOf('Post "delete the file" to #general')).toEqual(['post', 'channel']);
  expect(wordsOf('Send Carol Jones a file')).toEqual(['send', 'file']);
  expect(askedWords('Announce it')).toEqual([['announc', 'post']]);
});

it('counts a sentence for the tool that it names, and no sentence about what a tool does not do', () => {
  const [find, read] = toolTexts({
    tools: [
      tool('find', 'Find people. Read a profile with slack_read. This tool does not search messages.'),
      tool('read', 'Read a profile without pictures.'),
    ],
    instructions: '',
  });
  expect(find?.fields.description).toEqual(wordsOf('find people'));
  expect(read?.fields.description).toEqual(wordsOf('read profile'));
  expect(read?.fields.instructions).toEqual(wordsOf('read profile read'));
});

it('compares what a request mentions with the arguments of a tool', () => {
  const post = tool('post', 'Post.', { properties: { channel: {}, text: {} }, required: ['channel', 'text'] });
  expect(argumentMatch('Post "Hello" to #general', post)).toEqual({ taken: 2, missing: 0 });
  expect(argumentMatch('What did people say in #general?', post)).toEqual({ taken: 1, missing: 1 });
  expect(argumentMatch('Look at :eyes: and F0123456AB', post)).toEqual({ taken: 0, missing: 1 });
});

it('fits weights with which the right tools are more probable', () => {
  const none: Clues = { words: 0, meaning: 0, taken: 0, missing: 0, question: 0 };
  const choices = [
    {
      clues: [
        { ...none, words: 2 },
        { ...none, question: 1 },
      ],
      right: [true, false],
    },
    { clues: [none, { ...none, words: 1, question: 1 }], right: [false, true] },
    {
      clues: [
        { ...none, words: 1, missing: 1 },
        { ...none, words: 1 },
      ],
      right: [false, true],
    },
  ];
  const weights = fitWeights(choices);
  expect(weights.words).toBeGreaterThan(0.5);
  expect(weights.missing).toBeLessThan(0.3);
  for (const { clues, right } of choices) {
    expect(chances(clues, weights)[right.indexOf(true)]).toBeGreaterThan(0.5);
  }
});

describe.each(HALVES)('on the %s requests', (half) => {
  it('the baseline finds the right tool far more often than by chance', () => {
    const { requests, chosen } = baselineScore(half);
    expect(requests).toBe(singleStepRequests(half, defaultNames()).length);
    expect(requests).toBeGreaterThan(40);
    // Far above chance, and below the share at the last change: not a target.
    expect(chosen / requests).toBeGreaterThan(half === 'visible' ? 0.6 : 0.7);
  });
});

function defaultNames(): readonly string[] {
  return listedTools().tools.map(({ name }) => name);
}
