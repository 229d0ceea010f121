import { startRedis, waitFor } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { Redis } from 'ioredis';
import { afterAll, expect, test } from 'vitest';
import type { RedisConnection } from '../src/client.ts';
import { KEY_SPAN, publishScript, SEQUENCE_SPAN } from '../src/scripts/publish.ts';
import { freshBackend, freshPrefix, KEY, numbersOf, publish, receive } from './fresh-backend.ts';

// After a disconnect, the network may still deliver data of a connection that both clients have given up.
describeWithOwnBroker(
  'data that the network delivers late',
  () => startRedis(),
  (broker) => {
    const admin = new Redis(broker.url);
    afterAll(() => admin.disconnect());

    test('delivers the messages of a read that arrives late to its consumer', async () => {
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

    test('does not store a batch again that arrives after the next one', async () => {
      const prefix = freshPrefix();
      const stream = `${prefix}${KEY}`;
      const backend = freshBackend({ url: broker.url, prefix });
      await publish(backend, [0]);
      await publish(backend, [1]);
      const publisher = await waitFor('the record', async () => (await admin.keys(`*${prefix}*publisher*`))[0]);
      expect(await admin.get(publisher)).toBe('2');
      for (const first of [1, 2]) {
        expect(await store(stream, publisher, { after: 0, first, payloads: ['{"n":0}'] })).toBe('');
      }
      expect(await admin.xlen(stream)).toBe(2);
      expect(await admin.get(publisher)).toBe('2');
    });

    test('stores a batch only after the previous batch in flight', async () => {
      const stream = `${freshPrefix()}${KEY}`;
      const publisher = `{${stream}}:publisher:test`;
      const batch = { after: 3, first: 4, payloads: ['{"n":4}'] };
      expect(await store(stream, publisher, batch)).toBe('skipped');
      await store(stream, publisher, { after: 0, first: 1, payloads: ['{"n":1}', '{"n":2}', '{"n":3}'] });
      expect(await store(stream, publisher, batch)).toBe('');
      expect(await admin.xlen(stream)).toBe(4);
    });

    test('repeats the answer for a batch whose answer was lost, even with further messages in it', async () => {
      const stream = `${freshPrefix()}${KEY}`;
      const publisher = `{${stream}}:publisher:test`;
      await admin.xgroup('CREATE', stream, 'workers', '0', 'MKSTREAM');
      const payloads = ['{"n":1}', '{"n":2}', '{"n":3}'];
      expect(await store(stream, publisher, { after: 0, first: 1, payloads, maxBacklog: 2 })).toBe('2');
      // The group has caught up: refused messages stay refused, new ones are stored.
      const again = { after: 0, first: 2, payloads: ['{"n":2}', '{"n":3}', '{"n":4}'], maxBacklog: 100 };
      expect(await store(stream, publisher, again)).toBe('1');
      const entries = await admin.xrange(stream, '-', '+');
      expect(entries.map(([, fields]) => fields[1])).toEqual(['{"n":1}', '{"n":2}', '{"n":4}']);
      // The answer is forgotten once no message that old is in flight.
      await store(stream, publisher, { after: 0, first: 5, payloads: ['{"n":5}'], maxBacklog: 100 });
      expect(await admin.get(publisher)).toBe('5');
    });

    async function store(
      stream: string,
      publisher: string,
      batch: { after: number; first: number; payloads: readonly string[]; maxBacklog?: number },
    ): Promise<string> {
      const { after, first, payloads, maxBacklog = 1_000 } = batch;
      const args: (string | number)[] = [after, first, first, 60_000, 60_000, maxBacklog, 1_000, -1];
      args.push(payloads.length, 0);
      for (const [index, text] of payloads.entries()) args.push(index * SEQUENCE_SPAN * KEY_SPAN, text, `m${index}`, 1);
      const connection = { call: (command: string, ...words: (string | number)[]) => admin.call(command, ...words) };
      const keys = [stream, publisher, `{${stream}}:counted`];
      const reply = await publishScript.run(connection as unknown as RedisConnection, keys, args);
      return (reply as [string, string])[0];
    }
  },
);
