import type { DeadLetter, QueueBackend, QueueMessage } from '@slack-mcp/core';
import { check } from '../check.ts';
import { KEY, numbers, type PropertyContext } from '../context.ts';
import type { Property } from '../property.ts';

const section = 'dead-letter';
const group = 'workers';

/** Properties for parking, listing, redriving and purging dead letters. */
export const deadLetter: readonly Property[] = [
  {
    id: 'dead-letter.record',
    title:
      'A dead letter contains the whole message, key, group, times, `retryCount` and reason, and is not delivered again.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      const options = { messageId: 'Ev1', headers: { 'x-trace': 'a b' }, orderingKey: 'C1' };
      const payload = { text: 'ünïcode \ud800', nested: [{ n: 0.1 }] };
      const before = Date.now();
      await context.within(backend.publish(KEY, payload, options), 'publish');
      const reader = await context.consume(backend, { group, ack: 'manual' });
      await (await reader.next()).nack();
      const message = await reader.next('the message again');
      const { timestamp, retryCount } = message.metadata;
      await context.within(
        message.deadLetter({ error: new TypeError('no such user'), code: 'MAX_RETRIES' }),
        'parking',
      );
      await context.expectExactly(reader, backend, [], 'after parking');
      const { items, cursor } = await context.within(deadLetters(backend).list(), 'list');
      check.equal(cursor, undefined, 'cursor after the last');
      check.equal(items.length, 1, 'dead letters');
      const { id, deadLetteredAt, raw, headers, reason, ...rest } = items[0] as DeadLetter;
      check.ok(typeof id === 'string' && id.length > 0, `id is ${id}`);
      check.ok(raw === undefined, 'a message that could be decoded has raw bytes');
      check.ok(deadLetteredAt >= before && deadLetteredAt <= Date.now() + 1000, `deadLetteredAt is ${deadLetteredAt}`);
      check.equal({ ...headers }, options.headers, 'headers');
      check.equal({ ...reason }, { code: 'MAX_RETRIES', name: 'TypeError', message: 'no such user' }, 'reason');
      const expected = { messageId: 'Ev1', key: KEY, group, payload, orderingKey: 'C1', timestamp, retryCount };
      check.equal(rest, expected, 'dead letter');
      check.ok(retryCount >= 1, `retryCount is ${retryCount}`);
    },
  },
  {
    id: 'dead-letter.per-group',
    title: 'Parking affects one group: other groups still receive the message and have no dead letter.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group, 'others'] });
      await context.publish(backend, [1]);
      await park(context, backend, group, 1);
      const reader = await context.consume(backend, { group: 'others' });
      await context.expectExactly(reader, backend, [1], 'the other group');
      check.equal((await deadLetters(backend, 'others').list()).items, [], 'dead letters of the other group');
      check.equal((await deadLetters(backend).list()).items.length, 1, 'dead letters of the group');
    },
  },
  {
    id: 'dead-letter.list',
    title: 'Dead letters are listed across all keys, in pages without gaps or duplicates, oldest first within a key.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group], keys: [KEY, 'other'] });
      const count = context.count(200, 25);
      await context.publish(backend, numbers(count));
      await context.publish(backend, [1000], { key: 'other' });
      const parked = await park(context, backend, group, count);
      await park(context, backend, group, 1, 'other');
      const all = backend.deadLetters({ group });
      const items: DeadLetter[] = [];
      let cursor: string | undefined;
      do {
        const page = await all.list(cursor === undefined ? { limit: 10 } : { limit: 10, cursor });
        check.ok(page.items.length <= 10, `a page has ${page.items.length} items, the limit is 10`);
        items.push(...page.items);
        cursor = page.cursor;
      } while (cursor !== undefined && items.length <= count + 10);
      check.equal(new Set(items.map((item) => item.id)).size, count + 1, 'distinct ids');
      check.equal(items.length, count + 1, 'items');
      const listed = items.filter((item) => item.key === KEY).map((item) => item.payload?.['n']);
      check.equal(
        listed,
        parked.map((message) => message.payload['n']),
        'order',
      );
      const one = await backend.deadLetters({ group, keys: ['other'] }).list();
      check.equal(
        one.items.map((item) => item.payload),
        [{ n: 1000 }],
        'dead letters of one key',
      );
    },
  },
  {
    id: 'dead-letter.redrive',
    title:
      'A redriven message is delivered again unchanged, with its `messageId` and `timestamp` and a `retryCount` of 0, and can be parked again.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      const options = { messageId: 'Ev7', headers: { a: 'b' }, orderingKey: 'C7' };
      await context.within(backend.publish(KEY, { text: 'again' }, options), 'publish');
      const reader = await context.consume(backend, { group, ack: 'manual' });
      const first = await reader.next();
      const { timestamp } = first.metadata;
      await first.nack();
      for (let round = 0; round < 2; round += 1) {
        const parked = await reader.next(`the message of round ${round}`);
        await context.within(parked.deadLetter({ code: 'TEST' }), 'parking');
        check.equal(await context.within(deadLetters(backend).redrive('all'), 'redrive'), 1, 'redriven');
        check.equal((await deadLetters(backend).list()).items, [], 'dead letters after redrive');
      }
      const { payload, metadata } = await reader.next('the redriven message');
      check.equal(payload, { text: 'again' }, 'payload');
      const expected = { ...options, timestamp, retryCount: 0, deliveryCount: 1, key: KEY, group };
      check.equal({ ...metadata, headers: { ...metadata.headers } }, expected, 'metadata');
    },
  },
  {
    id: 'dead-letter.redrive-group-only',
    title: 'A redriven message is delivered only to its group.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group, 'others'] });
      await context.publish(backend, [1]);
      const others = await context.consume(backend, { group: 'others' });
      const independent = await context.consume(backend);
      await context.collect(others, [1], 'the other group');
      await park(context, backend, group, 1);
      check.equal(await context.within(deadLetters(backend).redrive('all'), 'redrive'), 1, 'redriven');
      const reader = await context.consume(backend, { group });
      await context.expectExactly(reader, backend, [1], 'its group');
      await context.collect(others, [-2], 'the other group after the redrive');
      await context.collect(independent, [-2], 'an independent consumer after the redrive');
    },
  },
  {
    id: 'dead-letter.redrive-past-dedupe',
    title: 'Publish deduplication does not drop a redriven message.',
    section,
    needs: {
      capabilities: ({ idempotentPublish }) => (idempotentPublish ? undefined : 'publishes are not deduplicated'),
    },
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [1], { messageId: 'Ev1' });
      await park(context, backend, group, 1);
      await context.publish(backend, [1], { messageId: 'Ev1' });
      check.equal(await context.within(deadLetters(backend).redrive('all'), 'redrive'), 1, 'redriven');
      const reader = await context.consume(backend, { group });
      await context.expectExactly(reader, backend, [1], 'a redrive within the dedupe window');
    },
  },
  {
    id: 'dead-letter.some',
    title: 'Redrive and purge by id affect only the given dead letters and ignore ids without a dead letter.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, numbers(5));
      await park(context, backend, group, 5);
      const parked = deadLetters(backend);
      const { items } = await parked.list();
      const [first, second, third] = items as [DeadLetter, DeadLetter, DeadLetter];
      check.equal(await parked.redrive([]), 0, 'number of redriven messages for an empty list');
      check.equal(await parked.redrive([first.id, 'no-such-id', first.id]), 1, 'redriven');
      check.equal(await parked.redrive([first.id]), 0, 'redriven again');
      check.equal(await parked.purge([second.id, third.id, first.id]), 2, 'purged');
      const rest = items.slice(3).map((item) => item.id);
      check.equal(
        (await parked.list()).items.map((item) => item.id),
        rest,
        'ids that are left',
      );
      check.equal(await parked.purge('all'), 2, "number of messages purged with 'all'");
      check.equal((await parked.list()).items, [], 'dead letters after purge');
      const reader = await context.consume(backend, { group });
      await context.expectExactly(reader, backend, [first.payload?.['n'] as number], 'after redrive and purge');
    },
  },
  {
    id: 'dead-letter.undecodable',
    title: 'Undecodable bytes become dead letters of each group with their raw content. The iteration continues.',
    section,
    needs: { injectRaw: true },
    async run(context) {
      const { harness, namespace } = context;
      const backend = context.backend({ groups: [group, 'others'] });
      const bytes = [
        Uint8Array.of(0xff, 0x00, 0x7b, 0xfe),
        new TextEncoder().encode('{"half":'),
        new TextEncoder().encode('[1]'),
      ];
      await context.publish(backend, [1]);
      for (const raw of bytes) await context.within(injectRaw(harness, namespace, raw), 'the injected bytes');
      await context.publish(backend, [2]);
      for (const name of [group, 'others']) {
        const reader = await context.consume(backend, { group: name });
        await context.collect(reader, [1, 2], `around undecodable bytes, ${name}`);
        const items = await context.eventually(async () => {
          const page = await deadLetters(backend, name).list();
          return page.items.length === bytes.length && page.items;
        }, `the dead letters of ${name}`);
        check.equal(
          items.map((item) => [...(item.raw ?? [])]),
          bytes.map((raw) => [...raw]),
          'raw bytes',
        );
        check.ok(
          items.every((item) => item.payload === undefined),
          'an undecodable message has a payload',
        );
      }
    },
  },
  {
    id: 'dead-letter.undecodable-independent',
    title: 'An independent consumer skips undecodable bytes and continues.',
    section,
    needs: { injectRaw: true },
    async run(context) {
      const { harness, namespace } = context;
      const backend = context.backend();
      const reader = await context.consume(backend);
      await context.publish(backend, [1]);
      await context.within(injectRaw(harness, namespace, Uint8Array.of(0xc3, 0x28)), 'the injected bytes');
      await context.publish(backend, [2]);
      await context.collect(reader, [1, 2], 'around undecodable bytes');
    },
  },
];

function deadLetters(backend: QueueBackend, name: string = group): ReturnType<QueueBackend['deadLetters']> {
  return backend.deadLetters({ group: name, keys: [KEY] });
}

/** Parks the next `count` messages of a group. */
async function park(
  context: PropertyContext,
  backend: QueueBackend,
  name: string,
  count: number,
  key: string = KEY,
): Promise<QueueMessage[]> {
  const reader = await context.consume(backend, { group: name, keys: key, ack: 'manual', prefetch: 2 });
  const messages: QueueMessage[] = [];
  for (let index = 0; index < count; index += 1) {
    const message = await reader.next(`message ${index + 1} of ${count} to park`);
    await context.within(message.deadLetter({ code: 'TEST' }), 'parking');
    messages.push(message);
  }
  await reader.close();
  return messages;
}

async function injectRaw(harness: PropertyContext['harness'], namespace: string, bytes: Uint8Array): Promise<void> {
  await harness.injectRaw?.(namespace, KEY, bytes);
}
