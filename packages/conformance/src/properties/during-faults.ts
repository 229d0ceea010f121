import type { QueueBackend } from '@slack-mcp/core';
import { isQueueError } from '@slack-mcp/core';
import { KEY, type PropertyContext } from '../context.ts';
import { eventually } from '../eventually.ts';
import type { Reader } from '../reader.ts';

/** Waits until the backend has noticed that its broker is away. */
export async function notUp(context: PropertyContext, backend: QueueBackend): Promise<void> {
  await context.eventually(async () => (await backend.health()).status !== 'up', 'health() to notice the outage');
}

/** The error of a promise that must settle; `undefined` when it resolved. */
export async function outcome(context: PropertyContext, promise: Promise<void>): Promise<unknown> {
  const settled = promise.then(
    () => undefined,
    (error: unknown) => error ?? new Error('rejected without an error'),
  );
  return context.within(settled, 'publish to settle');
}

/** Publishes `{ n }` as often as it takes, always with the same messageId. */
export async function publishUntilConfirmed(context: PropertyContext, backend: QueueBackend, n: number): Promise<void> {
  const attempt = async (): Promise<boolean> => {
    const error = await outcome(context, backend.publish(KEY, { n }, { messageId: `m${n}`, timeoutMs: 3000 }));
    if (error !== undefined && !(isQueueError(error) && error.retryable)) throw error;
    return error === undefined;
  };
  // A broker may take its time to come back.
  await eventually(attempt, { deadlineMs: 4 * context.deadlineMs, describe: 'a confirmed publish' });
}

/** Reads until each number has come. After a fault others may come again between them. */
export async function takeAll(reader: Reader, expected: readonly number[]): Promise<void> {
  const missing = new Set(expected);
  while (missing.size > 0) {
    missing.delete((await reader.next(`${missing.size} messages after the fault`)).payload['n'] as number);
  }
}
