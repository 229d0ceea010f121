import type { QueueBackend } from '@slack-mcp/core';
import { isQueueError } from '@slack-mcp/core';
import { KEY, type PropertyContext } from '../context.ts';
import { eventually } from '../eventually.ts';
import type { Reader } from '../reader.ts';

/** Publishes message 1, which also connects the backend, then cuts the connections of the backend. */
export async function publishAndCut(context: PropertyContext, backend: QueueBackend): Promise<void> {
  await context.publish(backend, [1]);
  await context.faults.proxy.cut();
}

/** Waits until the backend has detected that its broker is unavailable. */
export async function notUp(context: PropertyContext, backend: QueueBackend): Promise<void> {
  await context.eventually(async () => (await backend.health()).status !== 'up', 'health() to detect the outage');
}

/** Waits until a promise settles and returns its error, or `undefined` if the promise resolved. */
export async function outcome(context: PropertyContext, promise: Promise<void>): Promise<unknown> {
  const settled = promise.then(
    () => undefined,
    (error: unknown) =>
      error ?? new Error('publish rejected its promise with undefined or null: reject it with an Error'),
  );
  return context.within(settled, 'publish to settle');
}

/** Publishes `{ n }` with the same `messageId` until the backend confirms the message. */
export async function publishUntilConfirmed(context: PropertyContext, backend: QueueBackend, n: number): Promise<void> {
  const attempt = async (): Promise<boolean> => {
    const error = await outcome(context, backend.publish(KEY, { n }, { messageId: `m${n}`, timeoutMs: 3000 }));
    if (error !== undefined && !(isQueueError(error) && error.retryable)) throw error;
    return error === undefined;
  };
  // A broker may need time to recover.
  await eventually(attempt, { deadlineMs: 4 * context.deadlineMs, describe: 'a confirmed publish' });
}

/**
 * Reads until all expected numbers have arrived. Ignores other messages, which may be delivered again after a fault.
 */
export async function takeAll(reader: Reader, expected: readonly number[]): Promise<void> {
  const missing = new Set(expected);
  while (missing.size > 0) {
    missing.delete((await reader.next(`${missing.size} messages after the fault`)).payload['n'] as number);
  }
}
