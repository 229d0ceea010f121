import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SerializationError } from '../src/index.ts';
import { checkHeaders } from '../src/publishing/headers.ts';

test('copies and freezes headers', () => {
  const headers = { 'x-slack-retry-num': '1' };
  const checked = checkHeaders(headers);
  expect(checked).toEqual(headers);
  expect(checked).not.toBe(headers);
  expect(Object.isFrozen(checked)).toBe(true);
  expect(checkHeaders(undefined)).toEqual({});
});

test.each([
  ['an empty name', { '': 'x' }],
  ['a space', { 'a b': 'x' }],
  ['a line break', { 'a\r\nb': 'x' }],
  ['129 characters', { ['x'.repeat(129)]: 'x' }],
  ['a reserved name', { 'slack-mcp-message-id': 'x' }],
  ['a reserved name in capitals', { 'SLACK-MCP-X': 'x' }],
  ['__proto__', JSON.parse('{"__proto__":"x"}')],
  ['a number', { a: 1 }],
  ['undefined', { a: undefined }],
  ['a lone surrogate', { a: 'x\ud800' }],
  ['null', null],
  ['an array', ['x']],
  ['a string', 'x'],
])('rejects %s', (_, headers) => {
  expect(() => checkHeaders(headers as Record<string, string>)).toThrow(SerializationError);
});

test('does not show the value in the error', () => {
  expect(() => checkHeaders({ a: { secret: 1 } } as unknown as Record<string, string>)).toThrow(
    'the value of the header a must be a string without lone surrogates: convert other types with String(value)',
  );
});

test('property: accepts well-formed headers unchanged', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9._-]{1,128}$/).filter((text) => !/^slack-mcp-|^__proto__$/i.test(text));
  fc.assert(
    fc.property(fc.dictionary(name, fc.string({ unit: 'grapheme' }), { noNullPrototype: true }), (headers) => {
      expect(checkHeaders(headers)).toEqual(headers);
    }),
  );
});
