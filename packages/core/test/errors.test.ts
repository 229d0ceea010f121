import { expect, test } from 'vitest';
import * as core from '../src/index.ts';
import { ConnectionError, isQueueError, LeaseLostError, QueueClosedError, QueueError, TlsError } from '../src/index.ts';

const classes = Object.entries(core).flatMap(([name, value]) =>
  typeof value === 'function' && value.prototype instanceof Error && name !== 'QueueError'
    ? [{ name, type: value as typeof ConnectionError }]
    : [],
);

/** Reasons for a failed connection. Each is also a connection error. */
const REASONS = ['HostNotFoundError', 'ConnectionRefusedError', 'TlsError', 'ProtocolError'];

test('each class has its own name and code and recognises only its own errors', () => {
  expect(classes).toHaveLength(20);
  expect(new Set(classes.map(({ type }) => new type('x').code)).size).toBe(20);
  for (const { name, type } of classes) {
    const error = new type('what was wrong');
    expect(error.name).toBe(name);
    expect(String(error)).toBe(`${name}: what was wrong`);
    expect(error.stack).toMatch(new RegExp(`^${name}: what was wrong\n`));
    const known = REASONS.includes(name) ? ['ConnectionError', name] : [name];
    expect(classes.filter((other) => error instanceof other.type).map((other) => other.name)).toEqual(known.sort());
    expect(isQueueError(error, error.code)).toBe(true);
  }
});

test('errors of calls that can succeed later are retryable', () => {
  const retryable = classes.filter(({ type }) => new type('x').retryable).map(({ name }) => name);
  expect(retryable.sort()).toEqual([
    'ConnectionError',
    'ConnectionRefusedError',
    'HostNotFoundError',
    'QueueFullError',
    'QueueTimeoutError',
  ]);
  expect(new ConnectionError('no', { retryable: false }).retryable).toBe(false);
  expect(new QueueClosedError('no', { retryable: true }).retryable).toBe(true);
});

test('keeps the cause, if there is one', () => {
  const cause = new Error('ECONNREFUSED');
  expect(new ConnectionError('cannot connect', { cause }).cause).toBe(cause);
  expect('cause' in new ConnectionError('cannot connect')).toBe(false);
  expect('cause' in new ConnectionError('cannot connect', { cause: undefined })).toBe(true);
});

test('logs show code and retryable but not the internal symbol', () => {
  expect(Object.keys(new ConnectionError('x')).sort()).toEqual(['code', 'retryable']);
});

test('instanceof checks the code, also for subclasses of a plugin', () => {
  class NatsError extends ConnectionError {}
  const error = new NatsError('gone');
  expect(error).toBeInstanceOf(QueueError);
  expect(error).toBeInstanceOf(ConnectionError);
  expect(error).toBeInstanceOf(NatsError);
  expect(new ConnectionError('gone')).not.toBeInstanceOf(NatsError);
  expect(error).not.toBeInstanceOf(LeaseLostError);
});

test.each([new Error('x'), { code: 'ERR_QUEUE_FULL' }, null, undefined, 'ERR_QUEUE_FULL', 1])(
  '%s is not a queue error',
  (value) => {
    expect(value).not.toBeInstanceOf(QueueError);
    expect(isQueueError(value)).toBe(false);
  },
);

test('recognises errors of another copy of the package', async () => {
  const copy: string = '../src/contract/errors.ts?copy';
  const other = (await import(copy)) as typeof import('../src/contract/errors.ts');
  expect(other.ConnectionError).not.toBe(ConnectionError);
  const foreign = new other.ConnectionError('gone');
  expect(isQueueError(foreign)).toBe(true);
  expect(isQueueError(foreign, 'ERR_QUEUE_CONNECTION')).toBe(true);
  expect(isQueueError(foreign, 'ERR_QUEUE_FULL')).toBe(false);
  expect(foreign).toBeInstanceOf(ConnectionError);
  expect(foreign).not.toBeInstanceOf(QueueClosedError);
  expect(new other.TlsError('no')).toBeInstanceOf(ConnectionError);
  expect(foreign).not.toBeInstanceOf(TlsError);
});
