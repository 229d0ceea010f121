import type { JsonObject } from '@slack-mcp/core';
import { describe, expect, it } from 'vitest';
import { argumentMatch } from '../src/baseline/argument-match.ts';
import { baselineScore, singleStepRequests } from '../src/baseline/baseline-score.ts';
import type { Clues } from '../src/baseline/clues.ts';
import { withNames } from '../src/baseline/directory.ts';
import { chances, fitWeights } from '../src/baseline/fit-weights.ts';
import { lexicalBaseline } from '../src/baseline/lexical-baseline.ts';
import { unnamedThing } from '../src/baseline/named-thing.ts';
import { speechAct } from '../src/baseline/speech-act.ts';
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
  const profile = tool('profile', 'Read.', { properties: { user: {} }, required: ['user'] });
  const fits = argumentMatch([post, profile]);
  const [one, other] = fits('Post "Hello" to #general');
  expect(one?.taken).toBeGreaterThan(2);
  expect(one?.missing).toBe(0);
  expect(other).toEqual({ taken: 0, missing: 1 });
  expect(fits('What did people say in #general?')[0]?.missing).toBe(1);
  expect(fits('Look at :eyes: and F0123456AB')).toEqual([
    { taken: 0, missing: 2 },
    { taken: 0, missing: 1 },
  ]);
});

it('knows a text that is to be written also without quotes', () => {
  const [post, reply] = ['text', 'texts'].map((name) => tool(name, 'Write.', { required: [name] }));
  const missing = (request: string) => argumentMatch([post, reply].flatMap((one) => one ?? []))(request)[0]?.missing;
  for (const request of ['announce: it is out', 'say I am in', 'tell bob he is late', 'answer that it works']) {
    expect([request, missing(request)]).toEqual([request, 0]);
  }
  for (const request of ['tell me about it', 'anything re: planning', "look at erin's file", 'who answered?']) {
    expect([request, missing(request)]).toEqual([request, 1]);
  }
});

it('knows the people, groups and channels of the workspace by their names', () => {
  expect(withNames('Is bob part of @oncall?')).toBe('Is PERSON part of GROUP?');
  expect(withNames("frank's mail, erins logo, bobcat")).toBe('PERSON mail, PERSON logo, bobcat');
  expect(withNames('the design channel, news in general, a new design')).toBe(
    'the #design channel, news in #general, a new design',
  );
});

it('knows the tools whose names contain a thing that the request does not mention', () => {
  const unnamed = unnamedThing(['search_messages', 'search_files', 'read_user'].map((name) => tool(name, 'Read.')));
  expect(unnamed('Where did we talk about it?')).toEqual([false, true, true]);
  expect(unnamed('Where is that picture?')).toEqual([false, false, true]);
  expect(unnamed('Is erin here?')).toEqual([false, true, false]);
});

it('tells orders from questions by their first words', () => {
  for (const order of ['pls ping them', 'Could you post it?', 'In the channel, say hello', 'Let Ann know']) {
    expect([order, speechAct(order)]).toEqual([order, 1]);
  }
  for (const question of ['whats new', 'hey, can you tell me who it was', 'In the end, who won?', 'let me see it?']) {
    expect([question, speechAct(question)]).toEqual([question, -1]);
  }
  expect(speechAct('A file')).toBe(0);
});

it('reads expressions of several words', () => {
  expect(askedWords('write back')).toEqual(askedWords('reply'));
  expect(askedWords('Anything I have not read yet')).toContainEqual(['unread']);
});

it('fits weights with which the right tools are more probable', () => {
  const none: Clues = { words: 0, meaning: 0, taken: 0, missing: 0, act: 0, unnamed: 0 };
  const choices = [
    {
      clues: [
        { ...none, words: 2 },
        { ...none, act: 1 },
      ],
      right: [true, false],
    },
    { clues: [none, { ...none, words: 1, act: 1 }], right: [false, true] },
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
    expect(chosen / requests).toBeGreaterThan(half === 'visible' ? 0.85 : 0.8);
  });
});

function defaultNames(): readonly string[] {
  return listedTools().tools.map(({ name }) => name);
}
