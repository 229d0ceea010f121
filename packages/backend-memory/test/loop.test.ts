import { expect, test } from 'vitest';
import { MemoryBackend } from '../src/index.ts';

test('a loop acks by asking for the next message, and gives back what was in hand when it breaks', async () => {
  await using backend = new MemoryBackend({ name: 'loop', groups: ['workers'] });
  for (const n of [0, 1, 2, 3]) await backend.publish('slack_events', { n });

  for await (const message of backend.consume({ group: 'workers' })) if (message.payload['n'] === 2) break;

  const seen: unknown[] = [];
  for await (const { payload, metadata } of backend.consume({ group: 'workers' })) {
    seen.push([payload['n'], metadata.retryCount]);
    if (seen.length === 2) break;
  }
  expect(seen).toEqual([
    [2, 1],
    [3, 0],
  ]);
});
