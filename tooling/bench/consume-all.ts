import type { ConsumeOptions, QueueBackend } from '../../packages/core/src/index.ts';

/** Acks each message on its own. Resolves to messages per second, from the first message to the last confirmed ack. */
export async function consumeAll(backend: QueueBackend, messages: number, options: ConsumeOptions): Promise<number> {
  const acks: Promise<void>[] = [];
  let begin = 0;
  for await (const message of backend.consume({ ...options, ack: 'manual' })) {
    begin ||= performance.now();
    if (message.payload['type'] !== 'event_callback') throw new Error('the message differs from the published one');
    acks.push(message.ack());
    if (acks.length === messages) break;
  }
  await Promise.all(acks);
  return (messages * 1_000) / (performance.now() - begin);
}
