import { expect, test } from 'vitest';
import { ConnectionError, isQueueError, LeaseLostError, QueueClosedError, QueueError } from '../src/index.ts';

test('an error has its code, whether it is retryable, and its cause', () => {
  const cause = new Error('ECONNREFUSED');
  const error = new ConnectionError('cannot connect', { cause });
  expect(error).toMatchObject({ name: 'ConnectionError', code: 'ERR_QUEUE_CONNECTION', retryable: true, cause });
  expect(new QueueClosedError('closed').retryable).toBe(false);
  expect(new ConnectionError('no', { retryable: false }).retryable).toBe(false);
});

test('instanceof follows the code, also for subclasses of a plugin', () => {
  class NatsError extends ConnectionError {}
  const error = new NatsError('gone');
  expect(error).toBeInstanceOf(QueueError);
  expect(error).toBeInstanceOf(ConnectionError);
  expect(error).toBeInstanceOf(NatsError);
  expect(new ConnectionError('gone')).not.toBeInstanceOf(NatsError);
  expect(error).not.toBeInstanceOf(LeaseLostError);
  expect(new Error('x')).not.toBeInstanceOf(QueueError);
});

test('errors of another copy of the package are recognised', async () => {
  const copy: string = '../src/errors.ts?copy';
  const other = (await import(copy)) as typeof import('../src/errors.ts');
  expect(other.ConnectionError).not.toBe(ConnectionError);
  const foreign = new other.ConnectionError('gone');
  expect(isQueueError(foreign)).toBe(true);
  expect(isQueueError(foreign, 'ERR_QUEUE_CONNECTION')).toBe(true);
  expect(isQueueError(foreign, 'ERR_QUEUE_FULL')).toBe(false);
  expect(foreign).toBeInstanceOf(ConnectionError);
});
