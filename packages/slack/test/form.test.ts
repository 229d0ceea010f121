import { expect, test } from 'vitest';
import { encodeForm } from '../src/form.ts';

function decoded(args: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(encodeForm(args)));
}

test.each<[string, unknown, string]>([
  ['a text', 'hi & bye=1 + 2 %', 'hi & bye=1 + 2 %'],
  ['an empty text', '', ''],
  ['characters beyond ASCII', 'Grüße 👋🏽\n', 'Grüße 👋🏽\n'],
  ['a lone surrogate', 'a\ud83d', 'a\ufffd'],
  ['a number', 1.5, '1.5'],
  ['false', false, 'false'],
  ['zero', 0, '0'],
  ['an array of objects, as JSON', [{ type: 'divider' }], '[{"type":"divider"}]'],
  ['an object within an object, as JSON', { a: { b: ['ü', null] } }, '{"a":{"b":["ü",null]}}'],
  ['an array of ids, as JSON', ['U1', 'U2'], '["U1","U2"]'],
])('encodes %s', (_name, value, expected) => {
  expect(decoded({ value })).toEqual({ value: expected });
});

test('omits values that are undefined or null, and keeps the order', () => {
  expect(encodeForm({ b: undefined, c: null, a: 1, z: 'x' })).toBe('a=1&z=x');
  expect(encodeForm({})).toBe('');
});

test('encodes the names of arguments', () => {
  expect(decoded({ 'a&b=c': '1' })).toEqual({ 'a&b=c': '1' });
});

test.each<[string, unknown]>([
  ['a function', () => 1],
  ['a symbol', Symbol('s')],
  ['a bigint', 1n],
  ['not a number', Number.NaN],
  ['infinity', Number.POSITIVE_INFINITY],
  ['an object that contains a bigint', { a: 1n }],
])('rejects %s', (_name, value) => {
  expect(() => encodeForm({ value })).toThrow(TypeError);
});

test.each<[string, unknown]>([
  ['a buffer', Buffer.from('x')],
  ['bytes', new Uint8Array(3)],
  ['a blob', new Blob(['x'])],
])('rejects a file and names the method to upload it: %s', (_name, value) => {
  expect(() => encodeForm({ file: value })).toThrow(/^the argument file is a file: .*files\.getUploadURLExternal/);
});
