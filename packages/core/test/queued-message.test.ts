import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeQueuedMessage, encodeQueuedMessage, type TaskMessage } from '../src/task-queue/queued-message.ts';

const timestamp = Date.parse('2026-01-02T03:04:05.678Z');

function request(id: number | string): TaskMessage {
  return { type: 'request', message: { jsonrpc: '2.0', id, method: 'elicitation/create', params: { id } }, timestamp };
}

const wire = (members: object): string =>
  JSON.stringify({ ...JSON.parse(encodeQueuedMessage(request(7))), ...members });

test('writes the four members that the Python package reads', () => {
  expect(JSON.parse(encodeQueuedMessage(request('req-8')))).toEqual({
    type: 'request',
    message: { jsonrpc: '2.0', id: 'req-8', method: 'elicitation/create', params: { id: 'req-8' } },
    timestamp: '2026-01-02T03:04:05.678Z',
    original_request_id: 'req-8',
  });
  const notification = { jsonrpc: '2.0', method: 'notifications/message' } as const;
  expect(JSON.parse(encodeQueuedMessage({ type: 'notification', message: notification, timestamp }))).toMatchObject({
    original_request_id: null,
  });
});

test('keeps all four types of message unchanged', () => {
  const json = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));
  const id = fc.oneof(fc.string(), fc.integer());
  const jsonrpc = fc.constant('2.0' as const);
  const time = fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map(Number);
  const kind = (type: string, message: object): fc.Arbitrary<TaskMessage> =>
    fc.record({ type: fc.constant(type), message: fc.record({ jsonrpc, ...message }), timestamp: time }) as never;
  const message = fc.oneof(
    kind('request', { id, method: fc.string(), params: json }),
    kind('notification', { method: fc.string(), params: json }),
    kind('response', { id, result: json }),
    kind('error', { id, error: fc.record({ code: fc.integer(), message: fc.string(), data: json }) }),
  );
  fc.assert(
    fc.property(message, (original) => {
      const expected = JSON.parse(JSON.stringify(original));
      expect(decodeQueuedMessage(encodeQueuedMessage(original))).toEqual(expected);
    }),
  );
});

test('drops members that the Python package sets to null, and keeps null inside params', () => {
  const message = { jsonrpc: '2.0', id: 7, method: 'sampling/createMessage', params: null };
  expect(decodeQueuedMessage(wire({ message })).message).toEqual({ jsonrpc: '2.0', id: 7, method: message.method });
  const within = { ...message, params: { value: null } };
  expect(decodeQueuedMessage(wire({ message: within })).message).toEqual(within);
  const error = { jsonrpc: '2.0', id: 7, error: { code: -32601, message: 'Method not found', data: null } };
  expect(decodeQueuedMessage(wire({ type: 'error', message: error })).message).toEqual({
    ...error,
    error: { code: -32601, message: 'Method not found' },
  });
});

test.each([
  ['2026-01-02T03:04:05.678901+00:00', timestamp],
  ['2026-01-02T03:04:05.678Z', timestamp],
  ['2026-01-02T05:04:05.678+02:00', timestamp],
  ['2026-01-02T03:04:05.678901', timestamp],
  ['2026-01-02 03:04:05.678', timestamp],
  ['2026-01-02T03:04:05', timestamp - 678],
  [timestamp, timestamp],
])('reads the time %s', (written, read) => {
  expect(decodeQueuedMessage(wire({ timestamp: written })).timestamp).toBe(read);
});

test.each([
  ['invalid JSON', '{"secret"'],
  ['an array', '["secret"]'],
  ['a missing message', wire({ message: null })],
  ['another protocol', wire({ message: { jsonrpc: '1.0', id: 7, method: 'secret' } })],
  ['another type', wire({ type: 'secret' })],
  ['the name of a method of objects', wire({ type: 'constructor' })],
  ['a request without an id', wire({ message: { jsonrpc: '2.0', method: 'secret' } })],
  ['params that are not an object', wire({ message: { jsonrpc: '2.0', id: 1, method: 'secret', params: ['secret'] } })],
  ['a response without a result', wire({ type: 'response' })],
  [
    'an error without a code',
    wire({ type: 'error', message: { jsonrpc: '2.0', id: 1, error: { message: 'secret' } } }),
  ],
  ['an invalid time', wire({ timestamp: 'secret' })],
  ['a missing time', wire({ timestamp: undefined })],
])('rejects %s without quoting the content', (_, text) => {
  expect(() => decodeQueuedMessage(text)).toThrow(expect.objectContaining({ code: 'ERR_QUEUE_SERIALIZATION' }));
  expect(() => decodeQueuedMessage(text)).not.toThrow(/secret/);
});

test.each([
  { ...request(1), timestamp: Number.NaN },
  { ...request(1), message: { ...request(1).message, params: { big: 1n } } },
])('rejects a message that JSON cannot represent', (message) => {
  expect(() => encodeQueuedMessage(message)).toThrow(expect.objectContaining({ code: 'ERR_QUEUE_SERIALIZATION' }));
});

interface Sample {
  readonly case: string;
  readonly queued_message_type: string;
  readonly amqp: { readonly body_utf8: string };
  readonly dequeue: { readonly message_dump?: object };
}

const samples = join(import.meta.dirname, '../../../../shared/reference/python-task-queue-wire.json');

describe.skipIf(!existsSync(samples))('output of the Python package (skipped when its samples are missing)', () => {
  const { messages } = existsSync(samples)
    ? (JSON.parse(readFileSync(samples, 'utf8')) as { messages: Sample[] })
    : { messages: [] };

  test.each(messages)('$case', ({ queued_message_type: type, amqp: { body_utf8: body } }) => {
    const decoded = decodeQueuedMessage(body);
    expect(decoded.type).toBe(type);
    const written = JSON.parse(encodeQueuedMessage(decoded));
    const original = JSON.parse(body);
    expect(Object.keys(written)).toEqual(Object.keys(original));
    expect(written.original_request_id).toBe('id' in original.message ? original.message.id : null);
    expect(Date.parse(written.timestamp)).toBe(Date.parse(original.timestamp));
    expect(decodeQueuedMessage(encodeQueuedMessage(decoded))).toEqual(decoded);
  });
});
