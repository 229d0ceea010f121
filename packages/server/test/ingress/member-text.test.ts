import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memberText } from '../../src/ingress/member-text.ts';

test.each([
  ['{"a":1,"payload": { "n" : 9007199254740993, "huge":1e999 } ,"b":"}"}', '{ "n" : 9007199254740993, "huge":1e999 }'],
  ['{"payload":{"payload":{"x":"}]\\"{"}}}', '{"payload":{"x":"}]\\"{"}}'],
  ['{"payload":{"first":1},"payload":{"last":2}}', '{"last":2}'],
  ['{"\\u0070ayload":[1,\n2]}', '[1,\n2]'],
  ['{"payload":null,"x":{"payload":{}}}', 'null'],
  ['{"nested":{"payload":{}},"text":"\\"payload\\":{}"}', undefined],
  ['["payload",{"payload":{}}]', undefined],
  ['[[],1,"payload"]', undefined],
  ['{}', undefined],
  ['"payload"', undefined],
])('the member "payload" of %s is %s', (text, expected) => {
  expect(memberText(text, 'payload')).toBe(expected);
});

test('property: the text of each member parses to the value that JSON.parse gives the member', () => {
  const spaces = fc.constantFrom(undefined, 1, '\t');
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), spaces, (object, space) => {
      const text = JSON.stringify(object, null, space);
      const parsed = JSON.parse(text) as Record<string, unknown>;
      for (const [name, value] of Object.entries(parsed)) {
        expect(JSON.parse(memberText(text, name) ?? 'undefined')).toEqual(value);
      }
    }),
  );
});
