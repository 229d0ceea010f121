import { startRedis, waitFor } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { Redis } from 'ioredis';
import { afterAll, expect, test } from 'vitest';
import type { RedisConnection } from '../src/client.ts';
import { publishScript } from '../src/scripts/publish.ts';
import { freshBackend, freshPrefix, KEY, numbersOf, publish, receive } from './fresh-backend.ts';

// After a cut, the network may still hand over what was sent on a connection that both clients have given up.
describeWithOwnBroker(
  'what the network held back',
  () => startRedis(),
  (broker) => {
    const admin = new Redis(broker.url);
    afterAll(() => admin.disconnect());

    test('a read that arrives late gives its messages to nobody else, and they are delivered', async () => {
      const prefix = freshPrefix();
      const stream = `${prefix}${KEY}`;
      const backend = freshBackend({ url: broker.url, prefix, leaseMs: 1_500 });
      const subscription = backend.consume({ group: 'workers' });
      await subscription.ready;
      const rows = (await admin.xinfo('CONSUMERS', stream, 'workers')) as string[][];
      const consumer = rows[0]?.[1] as string;
      const late = ['data', '{"n":7}', 'slack-mcp-message-id', 'late-7', 'slack-mcp-timestamp', '1'];
      await admin
        .multi()
        .xadd(stream, '*', ...late)
        .xreadgroup('GROUP', 'workers', consumer, 'COUNT', 1, 'STREAMS', stream, '>')
        .exec();
      expect(numbersOf([await receive(subscription)])).toEqual([7]);
    });

    test('a batch that arrives after the one behind it is not stored again', async () => {
      const prefix = freshPrefix();
      const stream = `${prefix}${KEY}`;
      const backend = freshBackend({ url: broker.url, prefix });
      await publish(backend, [0]);
      await publish(backend, [1]);
      const publisher = await waitFor(
        'the record of the lane',
        async () => (await admin.keys(`*${prefix}*publisher*`))[0],
      );
      const last = await admin.get(publisher);
      const batch = [1, 60_000, 60_000, 1_000, 1_000, -1, 1, 0, 0, '{"n":0}', 'copy-0', 1];
      const connection = { call: (command: string, ...args: (string | number)[]) => admin.call(command, ...args) };
      await publishScript.run(
        connection as unknown as RedisConnection,
        [stream, publisher, `{${stream}}:counted`],
        batch,
      );
      expect(await admin.xlen(stream)).toBe(2);
      expect(await admin.get(publisher)).toBe(last);
    });
  },
);
