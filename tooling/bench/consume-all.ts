import type { ConsumeOptions, QueueBackend } from '../../packages/core/src/index.ts';

/**
 * Acks each message on its own. Resolves to messages per second, from the first message to the last confirmed ack.
 * Rejects with the error of the first ack that fails: the broker then delivers messages again, and the rate would count
 * them twice.
 */
export async function consumeAll(backend: QueueBackend, messages: number, options: ConsumeOptions): Promise<number> {
  const done = Promise.withResolvers<number>();
  const failed = new AbortController();
  let confirmed = 0;
  const onConfirmed = (): void => {
    confirmed += 1;
    if (confirmed === messages) done.resolve(performance.now());
  };
  const onFailed = (error: unknown): void => {
    done.reject(error);
    failed.abort();
  };
  // Awaited after the loop.
  done.promise.catch(() => {});
  let begin = 0;
  let received = 0;
  for await (const message of backend.consume({ ...options, ack: 'manual', signal: failed.signal })) {
    begin ||= performance.now();
    if (message.payload['type'] !== 'event_callback') throw new Error('the message differs from the published one');
    message.ack().then(onConfirmed, onFailed);
    received += 1;
    if (received === messages) break;
  }
  const end = await done.promise;
  return (messages * 1_000) / (end - begin);
}
