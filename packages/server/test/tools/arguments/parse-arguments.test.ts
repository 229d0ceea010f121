import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseArguments } from '../../../src/tools/arguments/parse-arguments.ts';

const schema = z.strictObject({ channel: z.string(), texts: z.array(z.string()).optional() });

test('flat arguments and those under input_params are taken', () => {
  expect(parseArguments(schema, { channel: 'general' })).toMatchObject({ ok: true, value: { channel: 'general' } });
  expect(parseArguments(schema, { input_params: { channel: 'general' } })).toMatchObject({ ok: true });
});

test.each([
  ['a text', { channel: '\ud83d' }, 'channel: half of a character'],
  ['a text in a list', { channel: 'general', texts: ['fine', 'cut \ud83d'] }, 'texts.1: half of a character'],
  ['a text under input_params', { input_params: { channel: '\ude00' } }, 'channel: half of a character'],
])('half of an emoji in %s is told, and what to do', (_, args, problem) => {
  expect(parseArguments(schema, args)).toEqual({ ok: false, problem: expect.stringContaining(problem) });
});

test('whole emoji are fine', () => {
  expect(parseArguments(schema, { channel: '😀', texts: ['👩‍👩‍👧'] })).toMatchObject({ ok: true });
});

test('what is wrong and what there is are named', () => {
  expect(parseArguments(schema, { chanel: 'general' })).toEqual({
    ok: false,
    problem: expect.stringMatching(/channel.*Arguments: channel, texts\. Correct them and call again\./),
  });
});
