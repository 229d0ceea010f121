import { expect, test, vi } from 'vitest';
import { Credits, type Delivery, type DeliverySink, readUntilStopped } from '../src/backend.ts';
import { ConnectionError, ConsumeError, type QueueError, silentLogger } from '../src/index.ts';

function start(read: (turn: number, stop: () => void) => Promise<void>, readers = 2) {
  const controller = new AbortController();
  const failures: Error[] = [];
  const slots = { taken: 0 };
  const sink: Pick<DeliverySink, 'slot' | 'free' | 'fail'> = {
    slot: () => Promise.resolve(),
    free: () => 5,
    fail: (error) => void failures.push(error),
  };
  const credits = new Credits<Delivery>({
    take: (most) => {
      slots.taken += most;
      return most;
    },
    giveBack: (count) => {
      slots.taken -= count;
    },
    deliver: () => {},
  });
  const warn = vi.fn();
  const onRetry = vi.fn();
  const lefts: number[] = [];
  const options = {
    sink: sink as DeliverySink,
    credits,
    readers,
    retryDelayMs: 0,
    logger: { ...silentLogger, warn },
    read: (): Promise<void> => read(lefts.push(credits.left), () => controller.abort()),
    failed: (cause: unknown): QueueError => (cause as Error).cause as QueueError,
    onRetry,
  };
  return { done: readUntilStopped(options, controller.signal), failures, lefts, onRetry, slots, warn };
}

const failed = (error: QueueError): Error => new Error('the client failed', { cause: error });

test('reads with its share of the free slots until stopped, and gives unused ones back', async () => {
  const { done, failures, lefts, slots } = start(async (turn, stop) => {
    if (turn === 3) stop();
  });
  await done;
  expect(lefts).toEqual([3, 3, 3]);
  expect(slots.taken).toBe(0);
  expect(failures).toEqual([]);
});

test('retries, and logs only the first failure of a series', async () => {
  const lost = new ConnectionError('lost');
  const { done, failures, onRetry, slots, warn } = start(async (turn, stop) => {
    if (turn === 6) stop();
    else if (turn !== 3) throw failed(lost);
  });
  await done;
  expect(warn.mock.calls).toEqual([
    [{ err: lost }, 'queue_read_failed'],
    [{ err: lost }, 'queue_read_failed'],
  ]);
  expect(onRetry).toHaveBeenCalledTimes(4);
  expect(slots.taken).toBe(0);
  expect(failures).toEqual([]);
});

test('ends the subscription with an error that a retry cannot fix', async () => {
  const refused = new ConsumeError('refused');
  const { done, failures, warn } = start(() => Promise.reject(failed(refused)));
  await done;
  expect(failures).toEqual([refused]);
  expect(warn).not.toHaveBeenCalled();
});

test('ignores a failure that stopping causes', async () => {
  const { done, failures, warn } = start(async (_, stop) => {
    stop();
    throw failed(new ConsumeError('closed'));
  });
  await done;
  expect(failures).toEqual([]);
  expect(warn).not.toHaveBeenCalled();
});
