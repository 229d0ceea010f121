import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forMarkdownBlock, isMarkdown, toSlackMarkup } from '../../../src/tools/messages/markdown.ts';

describe('isMarkdown', () => {
  it.each([
    '**bold**',
    '__bold__',
    'a ~~wrong~~ word',
    'see [the docs](https://example.com/a?b=c)',
    '![chart](https://example.com/chart.png)',
    '# Title',
    'Notes:\n- one\n- two',
    '* one\n* two',
    '1. one\n2. two',
    '| a | b |\n|---|---|\n| 1 | 2 |',
    'a | b\n:-- | --:\n1 | 2',
    '```ts\nconst a = 1;\n```',
  ])('recognizes %j', (text) => {
    expect(isMarkdown(text)).toBe(true);
  });

  it.each([
    'plain words',
    '*bold* and _italic_ and ~struck~ in Slack markup',
    '<https://example.com|link> for <@U0ALICE001>',
    '`**not bold**`',
    '```\n- no list\n# no title\n```',
    '2 * 3 * 4',
    'a--b --- c',
    'call f(x)[0](y)',
    '5 - 3',
    '#general',
    'my__private__name',
  ])('does not recognize %j', (text) => {
    expect(isMarkdown(text)).toBe(false);
  });

  it('takes time that is linear in the text', () => {
    for (const part of ['**a', '# a ', '\n ', '[a](', '`', '```', '~~', '|---', '-', ' -', '__a_']) {
      const text = part.repeat(Math.ceil(40_000 / part.length));
      const started = performance.now();
      isMarkdown(text);
      toSlackMarkup(text);
      forMarkdownBlock(text);
      expect(performance.now() - started, JSON.stringify(part)).toBeLessThan(2_000);
    }
  });
});

describe('toSlackMarkup', () => {
  it.each([
    ['**bold** and *italic* and ~~gone~~', '*bold* and _italic_ and ~gone~'],
    ['# Title **now**\ntext', '*Title now*\ntext'],
    ['- one\n  - two\n* three', '• one\n  • two\n• three'],
    [
      '[docs](https://example.com) ![chart](https://example.com/c.png)',
      '<https://example.com|docs> <https://example.com/c.png|chart>',
    ],
    ['`**code**` and ```ts\n- code\n```', '`**code**` and ```ts\n- code\n```'],
    ['```ts\na\n```', '```\na\n```'],
    ['2 * 3 * 4', '2 * 3 * 4'],
  ])('converts %j', (text, expected) => {
    expect(toSlackMarkup(text)).toBe(expected);
  });

  it('keeps every word', () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    const part = fc.oneof(
      word.map((text) => `**${text}** `),
      word.map((text) => `*${text}* `),
      word.map((text) => `\n- ${text}\n`),
      word.map((text) => `\n## ${text}\n`),
      word.map((text) => `[${text}](https://example.com/${text}) `),
      word.map((text) => `\`${text}\` `),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const text = parts.join('');
        const words = (value: string): string[] => value.match(/[a-z]+/g)?.toSorted() ?? [];
        expect(words(toSlackMarkup(text))).toEqual(words(text));
      }),
    );
  });
});

it('forMarkdownBlock writes links of Slack as Markdown and keeps mentions and code', () => {
  const text = '**Hi** <@U0ALICE001>, see <https://example.com|docs> and `<https://example.com|docs>`';
  expect(forMarkdownBlock(text)).toBe(
    '**Hi** <@U0ALICE001>, see [docs](https://example.com) and `<https://example.com|docs>`',
  );
});
