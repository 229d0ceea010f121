import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseArguments } from '../../../src/tools/arguments/parse-arguments.ts';

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
