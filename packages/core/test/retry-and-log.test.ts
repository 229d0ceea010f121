import { expect, test, vi } from 'vitest';
import { retryAndLog } from '../src/backend.ts';
import { AuthenticationError, ConnectionError, silentLogger } from '../src/index.ts';

function start(errors: readonly Error[]) {
  const warn = vi.fn();
  const rest = [...errors];
  const operation = async (): Promise<string> => {
    const error = rest.shift();
    if (error !== undefined) throw error;
    return 'joined';
  };
  const logger = { ...silentLogger, warn };
  return { warn, result: retryAndLog(operation, { initialDelayMs: 0, logger, event: 'queue_join_failed' }) };
}

test('retries until success and logs each reason once', async () => {
  const [first, second] = [new ConnectionError('refused'), new ConnectionError('no answer')];
  const { warn, result } = start([first, first, second, first]);
  expect(await result).toBe('joined');
  expect(warn.mock.calls).toEqual([
    [{ err: first }, 'queue_join_failed'],
    [{ err: second }, 'queue_join_failed'],
  ]);
});

test('rejects with an error that waiting cannot resolve, without a log entry', async () => {
  const refused = new AuthenticationError('refused');
  const { warn, result } = start([refused]);
  await expect(result).rejects.toBe(refused);
  expect(warn).not.toHaveBeenCalled();
});
