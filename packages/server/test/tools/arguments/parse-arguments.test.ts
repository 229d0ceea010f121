import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { parseArguments } from '../../../src/tools/arguments/parse-arguments.ts';
import { channelArgument, threadArgument } from '../../../src/tools/arguments/tool-arguments.ts';

const schema = z.strictObject({ channel: z.string(), texts: z.array(z.string()).optional() });

test('accepts flat arguments and those under input_params', () => {
  expect(parseArguments(schema, { channel: 'general' })).toMatchObject({ ok: true, value: { channel: 'general' } });
  expect(parseArguments(schema, { input_params: { channel: 'general' } })).toMatchObject({ ok: true });
});

test.each([
  ['a string', { channel: '\ud83d' }, 'channel: contains half of a character'],
  [
    'a string in a list',
    { channel: 'general', texts: ['fine', 'cut \ud83d'] },
    'texts.1: contains half of a character',
  ],
  ['a string under input_params', { input_params: { channel: '\ude00' } }, 'channel: contains half of a character'],
])('reports half of an emoji in %s, with what to do', (_, args, problem) => {
  expect(parseArguments(schema, args)).toEqual({ ok: false, problem: expect.stringContaining(problem) });
});

test('accepts whole emoji', () => {
  expect(parseArguments(schema, { channel: '😀', texts: ['👩‍👩‍👧'] })).toMatchObject({ ok: true });
});

test('names what is wrong and what is allowed', () => {
  expect(parseArguments(schema, { chanel: 'general' })).toEqual({
    ok: false,
    problem: expect.stringMatching(/channel.*Arguments: channel, texts\. Correct them and call again\./),
  });
});

test('says in plain words what is too small or too big', () => {
  const sized = z.strictObject({
    text: z.string().min(1).max(3),
    texts: z.array(z.string()).min(2).max(2).default(['a', 'b']),
    limit: z.int().min(5).max(10).default(5),
  });
  const problemOf = (args: object): string => {
    const parsed = parseArguments(sized, args);
    return parsed.ok ? '' : parsed.problem;
  };
  expect(problemOf({ text: '' })).toMatch(/^invalid arguments: text: must not be empty\. Arguments/);
  expect(problemOf({ text: 'abcd' })).toContain('text: must have at most 3 characters');
  expect(problemOf({ text: 'a', texts: ['a', 'b', 'c'] })).toContain('texts: must have at most 2 items');
  expect(problemOf({ text: 'a', texts: ['a'] })).toContain('texts: must have at least 2 items');
  expect(problemOf({ text: 'a', limit: 11 })).toContain('limit: must be at most 10');
  expect(problemOf({ text: 'a', limit: 4 })).toContain('limit: must be at least 5');
});

describe('a link to a message as the channel', () => {
  const LINK = 'https://acme.slack.com/archives/C0GENERAL1/p1700000000000100';
  const REPLY = `${LINK.slice(0, -1)}1?thread_ts=1700000000.000100&cid=C0GENERAL1`;
  const required = z.strictObject({ channel: channelArgument(), thread_ts: threadArgument() });
  const optional = z.strictObject({ channel: channelArgument(), thread_ts: threadArgument().optional() });

  it.each([LINK, REPLY, `<${LINK}|here>`])('also names the required message: %s', (channel) => {
    const value = { channel: 'C0GENERAL1', thread_ts: '1700000000.000100' };
    expect(parseArguments(required, { channel })).toMatchObject({ ok: true, value });
  });

  it('names no optional thread', () => {
    expect(parseArguments(optional, { channel: LINK })).toMatchObject({ ok: true, value: { channel: 'C0GENERAL1' } });
    expect(parseArguments(optional, { channel: LINK })).not.toHaveProperty('value.thread_ts');
  });

  it('is refused if another link points to another channel', () => {
    const thread_ts = 'https://acme.slack.com/archives/C0RANDOM01/p1700000000000100';
    expect(parseArguments(required, { channel: LINK, thread_ts })).toMatchObject({
      ok: false,
      problem: expect.stringContaining('C0RANDOM01'),
    });
  });
});
