import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodePayload, encodePayload, type QueuePayload, SerializationError } from '../src/index.ts';

const encode = (payload: unknown, maxBytes?: number | null): string => encodePayload(payload as QueuePayload, maxBytes);

function nested(depth: number): unknown {
  let value: unknown = {};
  for (let level = 1; level < depth; level += 1) value = level % 2 ? [value] : { inner: value };
  return { ...(value as object) };
}

test.each([
  ['NaN', { a: { b: [1, Number.NaN] } }, 'NaN at "1"'],
  ['an infinity', { a: Number.NEGATIVE_INFINITY }, '-Infinity at "a"'],
  ['a BigInt', { a: 1n }, 'it contains a BigInt'],
  ['a function', { a: () => 1 }, 'a function at "a"'],
  ['a symbol', { a: Symbol('s') }, 'a symbol at "a"'],
  ['undefined in an array', { a: [undefined] }, 'undefined at "0"'],
  ['a hole in an array', { a: new Array(2) }, 'undefined at "0"'],
  ['a Map', { a: new Map([[1, 2]]) }, 'Map at "a" cannot be represented as JSON'],
  ['a Set', { a: [new Set([1])] }, 'Set at "0"'],
  ['an Error', { a: new Error('x') }, 'Error at "a"'],
  ['a RegExp', { a: /x/ }, 'RegExp at "a"'],
  ['bytes', { a: new Uint8Array(1) }, 'Uint8Array at "a"'],
  ['a boxed number', { a: Object(Number.NaN) }, 'Number at "a"'],
  ['an invalid Date', { a: [new Date(Number.NaN)] }, 'an invalid Date at "0"'],
  ['toJSON of an array that gives NaN', { a: Object.assign([1], { toJSON: () => Number.NaN }) }, 'NaN at "a"'],
  ['toJSON that gives NaN', { a: { toJSON: () => Number.NaN } }, 'NaN at "a"'],
  ['toJSON that gives a function', { a: { toJSON: () => () => 1 } }, 'a function at "a"'],
  ['a throwing getter', Object.defineProperty({}, 'a', { enumerable: true, get: () => expect.fail('no') }), 'throws'],
  ['a throwing toJSON', { a: { toJSON: () => JSON.parse('{') } }, 'reading it throws an error'],
  ['a revoked proxy', revoked(), 'reading it throws an error'],
])('rejects %s and names it', (_, payload, message) => {
  expect(() => encode(payload)).toThrow(SerializationError);
  expect(() => encode(payload)).toThrow(message);
});

test('rejects a cycle', () => {
  const payload: Record<string, unknown> = { a: {} };
  payload['a'] = { b: [payload] };
  expect(() => encode(payload)).toThrow('it contains a cycle');
});

test.each([
  ['null', null],
  ['undefined', undefined],
  ['an array', [1]],
  ['a string', 'text'],
  ['a number', 1],
  ['a function', () => ({})],
  ['an object that becomes a string', new Date(0)],
  ['an object that becomes undefined', { toJSON: () => undefined }],
  ['a Map', new Map()],
])('rejects %s as a payload', (_, payload) => {
  expect(() => encode(payload)).toThrow(SerializationError);
});

test('omits undefined members and applies toJSON, as documented', () => {
  expect(encode({ a: undefined, b: -0, c: new Date(0), d: { toJSON: () => 'e' } })).toBe(
    '{"b":0,"c":"1970-01-01T00:00:00.000Z","d":"e"}',
  );
});

test('encodes the own members of class instances and objects without a prototype', () => {
  class Point {
    x = 1;
  }
  expect(encode({ point: new Point(), bare: Object.assign(Object.create(null), { y: 2 }) })).toBe(
    '{"point":{"x":1},"bare":{"y":2}}',
  );
});

test('keeps lone surrogates', () => {
  const payload = { '\ud800': 'a\udfff', pair: '😀' };
  expect(decodePayload(Buffer.from(encode(payload)))).toEqual(payload);
});

test('treats __proto__ and constructor as data', () => {
  const text = '{"__proto__":{"polluted":true},"constructor":{"prototype":1}}';
  const payload = decodePayload(text);
  expect(Object.keys(payload)).toEqual(['__proto__', 'constructor']);
  expect(encode(payload)).toBe(text);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test('accepts nesting up to 1000 levels', () => {
  expect(decodePayload(encode(nested(200)))).toEqual(nested(200));
  expect(() => encode(nested(1000))).not.toThrow();
  expect(() => encode(nested(1001))).toThrow('deeper than 1000 levels');
  expect(() => encode(nested(3000))).toThrow(SerializationError);
  class Envelope {
    body = nested(1000);
  }
  expect(() => encode({ envelope: new Envelope() })).toThrow('deeper than 1000 levels');
});

test('rejects nesting that would exhaust the stack', () => {
  expect(() => encode(nested(100_000))).toThrow(SerializationError);
  const text = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
  expect(() => encode(decodePayload(text))).toThrow(SerializationError);
});

test('the limit counts bytes of UTF-8', () => {
  const payload = { a: 'ä€😀' };
  const bytes = Buffer.byteLength(JSON.stringify(payload));
  expect(encode(payload, bytes)).toBe(JSON.stringify(payload));
  expect(() => encode(payload, bytes - 1)).toThrow(
    expect.objectContaining({
      code: 'ERR_QUEUE_PAYLOAD_TOO_LARGE',
      message: expect.stringContaining(`${bytes} bytes`),
    }),
  );
  expect(encode({ a: 'x'.repeat(1000) }, null)).toHaveLength(1008);
});

test.each([
  ['bytes that are not UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), 'not valid UTF-8'],
  ['text that is not JSON', '{"secret content":', 'not valid JSON'],
  ['nothing', '', 'not valid JSON'],
  ['null', 'null', 'not null'],
  ['an array', '[1]', 'not an array'],
  ['a number', '5', 'not a number'],
])('rejects %s without quoting it', (_, data, message) => {
  expect(() => decodePayload(data)).toThrow(SerializationError);
  expect(() => decodePayload(data)).toThrow(message);
  expect(() => decodePayload(data)).not.toThrow(/secret/);
});

test('ignores one leading byte order mark in text and bytes', () => {
  const text = '\ufeff{"a":1}';
  for (const data of [text, Buffer.from(text)]) expect(decodePayload(data)).toEqual({ a: 1 });
  for (const data of [`\ufeff${text}`, Buffer.from(`\ufeff${text}`)]) {
    expect(() => decodePayload(data)).toThrow(SerializationError);
  }
});

test('property: decodes any JSON object from text and bytes', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (payload) => {
      const text = encode(payload);
      const expected = JSON.parse(JSON.stringify(payload));
      expect(decodePayload(text)).toEqual(expected);
      expect(decodePayload(Buffer.from(text))).toEqual(expected);
    }),
  );
});

test('property: either encodes a value without loss or rejects it', () => {
  const leaf = fc.oneof(
    fc.string(),
    fc.double(),
    fc.bigInt(),
    fc.constant(undefined),
    fc.date({ noInvalidDate: false }),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie('tree'), { maxKeys: 3 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(fc.string(), tree), (payload) => {
      const lossless = isLossless(payload);
      if (lossless) expect(encode(payload)).toBe(JSON.stringify(payload));
      else expect(() => encode(payload)).toThrow(SerializationError);
    }),
  );
});

/** The rule in its simplest form. */
function isLossless(value: unknown): boolean {
  if (value instanceof Date) return !Number.isNaN(value.getTime());
  if (Array.isArray(value)) return value.every((item) => item !== undefined && isLossless(item));
  if (typeof value === 'object' && value !== null)
    return Object.values(value).every((item) => item === undefined || isLossless(item));
  return typeof value === 'string' || Number.isFinite(value);
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
