import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeMetadata, encodeMetadata, WIRE_HEADERS } from '../src/backend.ts';

const defaults = { messageId: '7-0', timestamp: 7 };

test('property: decodes what it encoded, with and without a prefix, as text and as bytes', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/).filter((text) => !/^slack-mcp-|^__proto__$/i.test(text));
  const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const metadata = fc.record({
    messageId: fc.string({ unit: 'grapheme', minLength: 1 }),
    timestamp: fc.nat(),
    orderingKey: optional(fc.string({ unit: 'grapheme' })),
    retryCount: optional(fc.nat()),
    headers: fc.dictionary(name, fc.string({ unit: 'grapheme' }), { noNullPrototype: true }),
  });
  fc.assert(
    fc.property(metadata, fc.constantFrom('', 'header.'), fc.boolean(), (written, prefix, asBytes) => {
      const fields = encodeMetadata(written, prefix);
      const read = asBytes ? fields.map((field) => new TextEncoder().encode(field)) : fields;
      const payload = prefix === '' ? {} : { payload: 'data' };
      expect(decodeMetadata(read, { ...defaults, prefix, ...payload })).toEqual(
        Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined)),
      );
    }),
  );
});

test('encodes only what is given, under the names of the wire headers', () => {
  expect(encodeMetadata({ headers: {} })).toEqual([]);
  expect(encodeMetadata({ messageId: 'Ev1', timestamp: 5, orderingKey: '', headers: { a: 'b' } }, 'x-')).toEqual([
    WIRE_HEADERS.messageId,
    'Ev1',
    WIRE_HEADERS.timestamp,
    '5',
    WIRE_HEADERS.orderingKey,
    '',
    'x-a',
    'b',
  ]);
});

test('uses the defaults for missing and malformed values, and keeps unknown names as headers', () => {
  const fields = [
    'user',
    'U1',
    WIRE_HEADERS.timestamp,
    'yesterday',
    WIRE_HEADERS.messageId,
    '',
    '__proto__',
    'x',
    'odd',
  ];
  expect(decodeMetadata(fields, defaults)).toEqual({ ...defaults, headers: { user: 'U1' } });
  expect(decodeMetadata([WIRE_HEADERS.retryCount, '-1'], defaults)).toEqual({ ...defaults, headers: {} });
});

test.each([
  [21, '21'],
  [true, 'true'],
  [undefined, ''],
  [null, ''],
  [{ a: [1] }, '{"a":[1]}'],
  [Symbol('s'), 'Symbol(s)'],
  [{ toJSON: (): undefined => undefined }, ''],
  [{ big: 1n }, ''],
  [Buffer.from('ä'), 'ä'],
])('converts the foreign value %o to text', (value, text) => {
  expect(decodeMetadata(['temperature', value], defaults).headers).toEqual({ temperature: text });
});
