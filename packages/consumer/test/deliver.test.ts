import { ConnectionError, LeaseLostError, PayloadTooLargeError, type QueueMessage } from '@slack-mcp/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { deliver } from '../src/deliver.ts';
import type { HandlerContext } from '../src/index.ts';
import { NonRetryableError } from '../src/index.ts';
import { HandlerInterruptedError } from '../src/interruption.ts';
import { agreeableSlack, clientOfStub } from '../src/testing/slack-stub.ts';
import { envelope, message } from './support/message.ts';
import { recordingLogger } from './support/recording-logger.ts';

type Settlement = ['ack'] | ['nack', number | undefined] | ['deadLetter', string | undefined];

/** Passes one message through a handler; records how it was settled. */
async function delivered(
  run: (context: HandlerContext) => Promise<void>,
  options: {
    message?: Partial<QueueMessage>;
    retryCount?: number;
    group?: string | undefined;
    timeoutMs?: number;
    logger?: ReturnType<typeof recordingLogger>;
  } = {},
) {
  const { retryCount = 0, timeoutMs = 60_000 } = options;
  const group = 'group' in options ? options.group : 'bot';
  const settlements: Settlement[] = [];
  const { logger = recordingLogger() } = options;
  const interruption = new AbortController();
  const handed: QueueMessage = {
    ...message(envelope({ type: 'app_mention', text: 'private' }), { retryCount, ...(group && { group }) }),
    ack: async () => void settlements.push(['ack']),
    nack: async (nack) => void settlements.push(['nack', nack?.delayMs]),
    deadLetter: async ({ code }) => void settlements.push(['deadLetter', code]),
    ...options.message,
  };
  const slack = clientOfStub(agreeableSlack);
  const retry = { jitter: 'none' } as const;
  const { settled } = await deliver(handed, interruption, { run, slack, logger, retry, timeoutMs });
  await settled;
  return { settlements, logger };
}

const fail = async (): Promise<void> => {
  throw new Error('broken');
};

test('acks a handled message, and logs its ids but not its content', async () => {
  const { settlements, logger } = await delivered(async () => {});
  expect(settlements).toEqual([['ack']]);
  expect(logger.entries).toEqual([
    {
      level: 'info',
      message: 'event_handled',
      messageId: 'Ev1',
      eventId: 'Ev1',
      eventType: 'app_mention',
      attempt: 1,
      durationMs: expect.any(Number),
    },
  ]);
  expect(JSON.stringify(logger.entries)).not.toContain('private');
});

test('nacks a failed message with the delay of the policy, until it is parked', async () => {
  const retried = await delivered(fail, { retryCount: 2 });
  expect(retried.settlements).toEqual([['nack', 4_000]]);
  expect(retried.logger.named('event_failed')).toMatchObject([
    { level: 'warn', action: 'retry', delayMs: 4_000, attempt: 3, err: new Error('broken') },
  ]);
  const parked = await delivered(fail, { retryCount: 5 });
  expect(parked.settlements).toEqual([['deadLetter', 'MAX_RETRIES']]);
  expect(parked.logger.named('event_failed')).toMatchObject([
    { level: 'error', action: 'dead-letter', code: 'MAX_RETRIES', attempt: 6 },
  ]);
  const fatal = await delivered(() => Promise.reject(new NonRetryableError('never')));
  expect(fatal.settlements).toEqual([['deadLetter', 'NON_RETRYABLE']]);
});

test('times out a handler that never returns: aborts its signal and nacks the message', async () => {
  let signal: AbortSignal | undefined;
  const { settlements, logger } = await delivered(
    (context) => {
      ({ signal } = context);
      return new Promise(() => {});
    },
    { timeoutMs: 5 },
  );
  expect(settlements).toEqual([['nack', 1_000]]);
  expect(signal?.reason).toMatchObject({ code: 'HANDLER_TIMEOUT', message: 'not handled within 5 ms' });
  expect(logger.named('event_failed')).toMatchObject([{ err: { code: 'HANDLER_TIMEOUT' } }]);
});

test('reports what a handler does after its timeout', async () => {
  for (const [late, entry] of [
    [() => Promise.resolve(), 'handler_returned_late'],
    [fail, 'handler_failed_late'],
  ] as const) {
    const { logger } = await delivered(
      ({ signal }) => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve())).then(late),
      { timeoutMs: 5 },
    );
    await expect.poll(() => logger.named(entry)).toHaveLength(1);
  }
});

test('does not report a handler that ends because of its signal as late', async () => {
  const ended = Promise.withResolvers<void>();
  const { logger } = await delivered(
    ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(signal.reason);
          setImmediate(ended.resolve);
        });
      }),
    { timeoutMs: 5 },
  );
  await ended.promise;
  expect(logger.named('handler_failed_late')).toEqual([]);
  expect(logger.named('event_failed')).toMatchObject([{ err: { code: 'HANDLER_TIMEOUT' } }]);
});

test('stops waiting for a message that was lost to another consumer', async () => {
  const lease = new AbortController();
  const { settlements, logger } = await delivered(
    () => {
      lease.abort();
      return new Promise(() => {});
    },
    { message: { signal: lease.signal } },
  );
  expect(settlements).toEqual([]);
  expect(logger.named('event_failed')).toMatchObject([{ err: { code: 'MESSAGE_LOST' } }]);
  expect(logger.named('event_lease_lost')).toMatchObject([{ level: 'warn', action: 'hand-back' }]);
});

test('does not handle a message that was lost before its turn', async () => {
  let handled = false;
  await delivered(
    async () => {
      handled = true;
    },
    { message: { signal: AbortSignal.abort() } },
  );
  expect(handled).toBe(false);
});

test('logs a failed settlement and continues', async () => {
  const away = async (): Promise<never> => {
    throw new ConnectionError('the broker is away');
  };
  const ack = await delivered(async () => {}, { message: { ack: away } });
  expect(ack.logger.named('event_settle_failed')).toMatchObject([{ level: 'warn', action: 'ack' }]);
  const nack = await delivered(fail, { message: { nack: away } });
  expect(nack.logger.named('event_settle_failed')).toMatchObject([{ level: 'warn', action: 'retry' }]);
});

test('logs a message that the broker refuses to park, and neither acks nor nacks it', async () => {
  const { settlements, logger } = await delivered(fail, {
    retryCount: 5,
    message: {
      deadLetter: async () => {
        throw new PayloadTooLargeError('too large for the dead letters');
      },
    },
  });
  expect(settlements).toEqual([]);
  expect(logger.named('event_dead_letter_failed')).toMatchObject([{ level: 'error', code: 'MAX_RETRIES' }]);
});

test('logs a settlement of a lost message as a lost lease', async () => {
  const lost = async (): Promise<never> => {
    throw new LeaseLostError('taken');
  };
  const { logger } = await delivered(async () => {}, { message: { ack: lost } });
  expect(logger.named('event_lease_lost')).toMatchObject([{ level: 'warn', action: 'ack' }]);
});

test('does not settle a message that the end of draining interrupts', async () => {
  const settled: unknown[] = [];
  const interruption = new AbortController();
  const handed = { ...message(envelope({ type: 'message' })), nack: async () => void settled.push('nack') };
  const slack = clientOfStub(agreeableSlack);
  const run = (): Promise<void> => {
    interruption.abort(new HandlerInterruptedError('DRAIN_TIMEOUT', 'over'));
    return new Promise(() => {});
  };
  const options = { run, slack, logger: recordingLogger(), retry: {}, timeoutMs: 60_000 };
  const { outcome, settled: done } = await deliver(handed, interruption, options);
  await done;
  expect(outcome).toMatchObject({ action: 'hand-back' });
  expect(settled).toEqual([]);
});

test('discards and logs what an independent consumer cannot handle, because it has no dead letters', async () => {
  const { settlements, logger } = await delivered(fail, { retryCount: 5, group: undefined });
  expect(settlements).toEqual([['ack']]);
  expect(logger.named('event_discarded')).toMatchObject([{ level: 'error', code: 'MAX_RETRIES' }]);
});

test('loses no message if the logger throws: nacks it, and parks it in the end', async () => {
  const logger = {
    ...recordingLogger(),
    info: () => {
      throw new Error('the disk is full');
    },
  };
  const retried = await delivered(async () => {}, { logger });
  expect(retried.settlements).toEqual([['nack', 1_000]]);
  expect(logger.named('event_delivery_failed')).toMatchObject([
    { level: 'error', messageId: 'Ev1', err: new Error('the disk is full') },
  ]);
  const parked = await delivered(async () => {}, { logger, retryCount: 5 });
  expect(parked.settlements).toEqual([['deadLetter', 'MAX_RETRIES']]);
});

test('leaves no timer behind when a handler has returned in time', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const options = { slack: clientOfStub({ call: async () => ({ ok: true }) }), retry: {}, logger: recordingLogger() };
  const interruption = new AbortController();
  const { settled } = await deliver(message({}), interruption, { ...options, timeoutMs: 60_000, run: async () => {} });
  await settled;
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(60_000);
  expect(interruption.signal.aborted).toBe(false);
});
