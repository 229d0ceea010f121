import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resolvePublish } from '../src/backend.ts';
import { encodedPayload, encodePayload } from '../src/index.ts';

const ODD = '{ "big": 9007199254740993, "e": 1.50e+3,\n"a":"\\u00e9\\/", "a": 2, "__proto__": [ ] }';

test('publishes JSON text unchanged and exposes its value', () => {
  const payload = encodedPayload(ODD);
  expect(encodePayload(payload)).toBe(ODD);
  expect(payload.value).toEqual(JSON.parse(ODD));
  expect(resolvePublish('events', payload, {}, { maxPayloadBytes: null }).text).toBe(ODD);
});

test('decodes UTF-8 bytes and removes a leading byte order mark', () => {
  expect(encodedPayload(Buffer.from('\ufeff{"a":"é😀"}')).text).toBe('{"a":"é😀"}');
  expect(encodedPayload('\ufeff{}').text).toBe('{}');
});

test.for([
  ['not JSON', '{"a":'],
  ['an array', '[1]'],
  ['a number', '1'],
  ['nothing', ''],
  ['null', 'null'],
  ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ['a lone surrogate', '{"a":"\ud800"}'],
  ['text nested too deeply', `{"a":${'['.repeat(1_000)}${']'.repeat(1_000)}}`],
] as const)('rejects %s', ([_, data]) => {
  expect(() => encodedPayload(data)).toThrow(expect.objectContaining({ code: 'ERR_QUEUE_SERIALIZATION' }));
});

test('accepts text with the same nesting as an object', () => {
  const text = `{"a":${'['.repeat(999)}${']'.repeat(999)}}`;
  expect(encodePayload(encodedPayload(text))).toBe(text);
});

test('applies the size limit of payloads', () => {
  const payload = encodedPayload(`{"text":"${'é'.repeat(50)}"}`);
  expect(() => encodePayload(payload, 110)).toThrow(expect.objectContaining({ code: 'ERR_QUEUE_PAYLOAD_TOO_LARGE' }));
  expect(encodePayload(payload, 111)).toBe(payload.text);
});

test('a backend without support for it stores an equal payload', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const payload = encodedPayload(JSON.stringify(value));
      expect(JSON.parse(JSON.stringify(payload))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('another copy of the package recognises it', () => {
  const { text, value } = encodedPayload(ODD);
  const foreign = { [Symbol.for('@slack-mcp/encoded-payload')]: true, text, value, toJSON: () => value };
  expect(encodePayload(foreign as never)).toBe(ODD);
});
