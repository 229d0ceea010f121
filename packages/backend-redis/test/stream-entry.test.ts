import type { QueuePayload } from '@slack-mcp/core';
import { resolvePublish } from '@slack-mcp/core/backend';
import { sampleSets } from '@slack-mcp/test-support/samples';
import { expect, test } from 'vitest';
import { decodeEntryMetadata, decodeEntryPayload, encodeFurtherFields } from '../src/stream-entry.ts';
import { compareIds, isEntryId, parseEntries, parseStreams } from '../src/stream-reply.ts';

const id = '1795196448367-0';

/** An entry in the form in which it is read. */
function stored(payload: QueuePayload, options: Parameters<typeof resolvePublish>[2] = {}) {
  const message = resolvePublish('key', payload, options, { maxPayloadBytes: null });
  const { text, messageId, timestamp } = message;
  const first = ['data', text, 'slack-mcp-message-id', messageId, 'slack-mcp-timestamp', String(timestamp)];
  return { message, entry: { id, fields: [...first, ...encodeFurtherFields(message)] } };
}

test.each(await sampleSets())('keeps payloads of $origin unchanged', ({ events, interactions, answers }) => {
  for (const { name, text } of [...events, ...interactions, ...answers]) {
    expect(JSON.stringify(decodeEntryPayload(stored(JSON.parse(text)).entry)), name).toBe(text);
  }
});

test('keeps metadata unchanged', () => {
  const headers = { 'x-slack-retry-num': '1', data: 'not the payload', 'Case.Kept_1': '' };
  const { message, entry } = stored({ n: 1 }, { messageId: 'Ev1', orderingKey: 'C1', headers });
  const { timestamp } = message;
  expect(decodeEntryMetadata(entry)).toEqual({ messageId: 'Ev1', timestamp, orderingKey: 'C1', headers });
});

test('needs the bytes to decode a text with a replacement character', () => {
  const { entry } = stored({ text: 'a\ufffdb' });
  expect(decodeEntryPayload(entry)).toBeUndefined();
  const bytes = { id, fields: entry.fields.map((field) => Buffer.from(field)) };
  expect(decodeEntryPayload(bytes)).toEqual({ text: 'a\ufffdb' });
  const broken = { id, fields: [Buffer.from('data'), Buffer.from([0x7b, 0xff, 0x7d])] };
  expect(() => decodeEntryPayload(broken)).toThrow(/the payload is not valid UTF-8/);
});

test.each([[[]], [['other', '{}']], [['data', '']], [['data', '[1]']], [['data', '{"half":']]])(
  'rejects an entry with the fields %j',
  (fields) => {
    expect(() => decodeEntryPayload({ id, fields })).toThrow();
  },
);

test('distinguishes a missing field from invalid JSON', () => {
  expect(() => decodeEntryPayload({ id, fields: ['other', '{}'] })).toThrow('the entry has no field "data"');
  expect(() => decodeEntryPayload({ id, fields: ['data', ''] })).toThrow('the payload is not valid JSON');
});

test('derives missing metadata from the id and keeps additional fields', () => {
  const fields = ['user', 'U1', 'slack-mcp-timestamp', 'yesterday', '__proto__', 'x', 'odd'];
  expect(decodeEntryMetadata({ id, fields })).toEqual({
    messageId: id,
    timestamp: 1_795_196_448_367,
    headers: { user: 'U1' },
  });
});

test('parses empty replies and skips deleted entries', () => {
  expect(parseStreams(null)).toEqual([]);
  expect(
    parseEntries([
      [id, null],
      ['2-0', ['a', 'b']],
    ]),
  ).toEqual([{ id: '2-0', fields: ['a', 'b'] }]);
});

test('compares ids by time, then by sequence, at any length', () => {
  const ordered = [
    '9-9',
    '10-1',
    '10-2',
    '10-18446744073709551614',
    '10-18446744073709551615',
    '11-0',
    '18446744073709551614-0',
    '18446744073709551615-0',
  ];
  expect(ordered.toReversed().sort(compareIds)).toEqual(ordered);
});

test.each(['0-1', '1795196448367-0', '18446744073709551615-18446744073709551615'])('accepts the id %s', (text) => {
  expect(isEntryId(text)).toBe(true);
});

test.each(['', '1', '1-', '-1', '1-1-1', '01-1', '1-00', '+', '18446744073709551616-0', '0-18446744073709551616'])(
  'does not accept the id %j',
  (text) => {
    expect(isEntryId(text)).toBe(false);
  },
);
