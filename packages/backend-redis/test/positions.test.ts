import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { silentLogger } from '@slack-mcp/core';
import { Redis } from 'ioredis';
import { afterAll, expect, test, vi } from 'vitest';
import { freshBackend, freshPrefix, KEY, publish, receive } from './fresh-backend.ts';

/** Higher than any id that Redis derives from its clock. */
const AHEAD = '99999999999999-1';

describeWithBroker('redis', (broker) => {
  const admin = new Redis(broker.url);
  afterAll(() => admin.disconnect());

  test.each([
    ['was deleted', (stream: string) => admin.del(stream)],
    ['was restored from a backup', (stream: string) => restored(stream)],
  ])(
    'delivers new messages to an independent consumer after a stream that was ahead of the clock %s',
    async (_, change) => {
      const prefix = freshPrefix();
      const stream = `${prefix}${KEY}`;
      const warn = vi.fn();
      await admin.xadd(stream, AHEAD, 'data', '{"n":0}');
      const backend = freshBackend({ url: broker.url, prefix, logger: { ...silentLogger, warn } });
      const subscription = backend.consume();
      await subscription.ready;
      await admin.xadd(stream, '99999999999999-2', 'data', '{"n":1}');
      expect((await receive(subscription)).payload).toEqual({ n: 1 });
      const next = receive(subscription);
      await change(stream);
      await publish(backend, [2]);
      expect((await next).payload).toEqual({ n: 2 });
      expect(warn.mock.calls).toEqual([[{ key: KEY }, 'queue_position_reset']]);
    },
  );

  /** Restores a backup from before the consumer started: an empty stream with an older last id. */
  async function restored(stream: string): Promise<void> {
    await admin.multi().del(stream).xadd(stream, '1-1', 'data', '{"n":-1}').xtrim(stream, 'MAXLEN', 0).exec();
  }
});
