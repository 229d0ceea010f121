import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { logging } from '../src/index.ts';
import { loggableError } from '../src/loggable-error.ts';
import { DEADLINE, workplace } from './support/workplace.ts';

const boom = (): never => {
  throw new Error('boom');
};
const circular = new Error('circular');
circular.cause = circular;

/** Values that a handler may throw and that harm the code that reads them. */
const HOSTILE: Readonly<Record<string, () => unknown>> = {
  'a field that throws': () => Object.defineProperty(new Error('a'), 'extra', { enumerable: true, get: boom }),
  'a message that throws': () => Object.defineProperty(new Error('a'), 'message', { get: boom }),
  'a name that throws': () => Object.defineProperty(new Error('a'), 'name', { get: boom }),
  'a stack that throws': () => Object.defineProperty(new Error('a'), 'stack', { get: boom }),
  'a cause that throws': () => Object.defineProperty(new Error('a'), 'cause', { get: boom }),
  'errors that throw': () => Object.assign(new AggregateError([]), { errors: new Proxy([], { get: boom }) }),
  'a proxy that throws': () => new Proxy({}, { get: boom, getPrototypeOf: boom, ownKeys: boom }),
  'a revoked proxy': () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  'a value that cannot be converted to text': () => ({ toString: boom }),
  'no prototype': () => Object.create(null),
  'a circle': () => circular,
  'a frozen error': () => Object.freeze(new Error('frozen')),
  'a bigint': () => Object.assign(new Error('a'), { n: 1n }),
  undefined: () => undefined,
  null: () => null,
  'a symbol': () => Symbol('x'),
};

test('handles all later messages and closes, whatever a handler throws', async () => {
  const place = workplace();
  const lines: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const consumer = place.consumer({ logger, concurrency: 1, middleware: [logging()], retry: { maxRetries: 0 } });
  const handled: string[] = [];
  consumer.on('message', (event) => {
    const { text = '' } = event as { text?: string };
    handled.push(text);
    if (HOSTILE[text]) throw HOSTILE[text]();
  });
  await consumer.start();
  const names = [...Object.keys(HOSTILE), 'the last one'];
  for (const name of names) await place.publish(name, { orderingKey: 'C1' });
  await expect.poll(() => handled, DEADLINE).toEqual(names);
  await consumer.close();
  const { items } = await place.backend.deadLetters({ group: 'bot' }).list();
  expect(items.map(({ messageId }) => messageId)).toEqual(Object.keys(HOSTILE));
  const entries = lines.map((line) => JSON.parse(line) as { msg: string });
  expect(entries.filter(({ msg }) => msg === 'event_failed')).toHaveLength(items.length);
  expect(entries.filter(({ msg }) => msg === 'event_delivery_failed')).toEqual([]);
});

describe('the logged form of an error', () => {
  const logged = (thrown: unknown): { err: Record<string, unknown>; line: string } => {
    const lines: string[] = [];
    pino({}, { write: (text: string) => void lines.push(text) }).error({ err: loggableError(thrown) });
    const line = lines.join('');
    return { line, err: (JSON.parse(line) as { err: Record<string, unknown> }).err };
  };

  test('contains type, message, stack, cause and plain fields, but no objects', () => {
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const fields = { status: 502, request: { headers: { authorization: 'hunter2' } } };
    const { err, line } = logged(Object.assign(new TypeError('fetch failed', { cause }), fields));
    expect(err).toMatchObject({ type: 'TypeError', message: 'fetch failed: refused', status: 502 });
    expect(err['stack']).toMatch(/^TypeError: fetch failed\n {4}at .*caused by: Error: refused\n {4}at /s);
    expect(line).not.toContain('hunter2');
    expect(logged(new AggregateError([new RangeError('one'), null])).err['aggregateErrors']).toMatchObject([
      { type: 'RangeError', message: 'one' },
      { type: 'NonError', message: 'null' },
    ]);
    expect(logged('just a text').err).toMatchObject({ type: 'NonError', message: 'just a text' });
  });

  test('is limited in length, and keeps the origin of an error with a long message', () => {
    const { err, line } = logged(Object.assign(new Error('x'.repeat(3_000_000)), { body: 'y'.repeat(3_000_000) }));
    expect(line.length).toBeLessThan(40_000);
    expect(err['message']).toMatch(/^x+… \(2991808 characters omitted\) …x+$/);
    expect(err['stack']).toContain('thrown.test.ts');
  });
});
