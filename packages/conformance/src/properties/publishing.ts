import { check } from '../check.ts';
import { KEY, numbers } from '../context.ts';
import type { Property } from '../property.ts';

const section = 'contract';

/** Properties for the guarantees of `publish` and the metadata of messages. */
export const publishing: readonly Property[] = [
  {
    id: 'contract.publish-confirmed',
    title: '`publish` resolves only after the broker has stored the message.',
    section,
    async run(context) {
      const { inspect, namespace } = context;
      const publisher = context.backend({ groups: ['workers'] });
      const count = context.count(200, 20);
      const confirmed: number[] = [];
      for (const n of numbers(count)) {
        await context.within(publisher.publish(KEY, { n }), 'publish');
        confirmed.push(n);
        if (n % 10 === 0 && inspect.depth !== undefined) {
          check.equal(await inspect.depth(namespace, 'workers'), confirmed.length, 'messages at the broker');
        }
      }
      await context.within(publisher.close({ drainTimeoutMs: 0 }), 'close');
      const backend = context.backend();
      const reader = await context.consume(backend, { group: 'workers' });
      await context.expectExactly(reader, backend, confirmed, 'messages confirmed before the publisher closed');
    },
  },
  {
    id: 'contract.metadata',
    title:
      'A first delivery has an id, the time of `publish`, its key and group, `retryCount` 0, `deliveryCount` 1 and a signal that is not aborted.',
    section,
    async run(context) {
      const backend = context.backend();
      const member = await context.consume(backend, { group: 'workers' });
      const independent = await context.consume(backend);
      const before = Date.now();
      await context.publish(backend, [1]);
      const after = Date.now();
      const message = await member.next();
      const { messageId, timestamp, ...rest } = message.metadata;
      check.ok(typeof messageId === 'string' && messageId.length > 0, `messageId is ${messageId}`);
      check.ok(
        Number.isInteger(timestamp) && timestamp >= before && timestamp <= after,
        `timestamp is ${timestamp}, published between ${before} and ${after}`,
      );
      check.equal(
        { ...rest, headers: { ...rest.headers } },
        { retryCount: 0, deliveryCount: 1, key: KEY, group: 'workers', headers: {} },
        'metadata',
      );
      check.ok(message.signal instanceof AbortSignal && !message.signal.aborted, 'its signal is aborted or missing');
      const alone = await independent.next();
      check.equal(alone.metadata.group, undefined, 'group of an independent consumer');
      check.equal(alone.metadata.messageId, messageId, 'messageId seen by the other consumer');
    },
  },
  {
    id: 'contract.message-id',
    title: 'A `messageId` is unique and the same in redeliveries, groups and dead letters.',
    section,
    async run(context) {
      const backend = context.backend();
      const first = await context.consume(backend, { group: 'first', ack: 'manual' });
      const second = await context.consume(backend, { group: 'second' });
      // The backlog must stay below the default limits of the backends.
      const count = Math.min(50_000, context.count(100_000, 300));
      const ids = new Set<string>();
      const seen = (async () => {
        for (let n = 0; n < count; n += 1) ids.add((await second.next()).metadata.messageId);
      })();
      const parked = (async () => {
        const message = await first.next();
        await message.nack();
        return message.metadata.messageId;
      })();
      await Promise.all([context.publish(backend, numbers(count)), seen, parked]);
      check.equal(ids.size, count, 'distinct ids');
      const id = await parked;
      check.ok(ids.has(id), 'the groups see different ids');
      for (let n = 0; n < count; n += 1) {
        const message = await first.next();
        if (message.metadata.retryCount === 0) {
          await message.ack();
          continue;
        }
        check.equal(message.metadata.messageId, id, 'messageId after nack');
        await message.deadLetter({ code: 'TEST' });
        break;
      }
      const { items } = await backend.deadLetters({ group: 'first', keys: [KEY] }).list();
      check.equal(
        items.map((item) => item.messageId),
        [id],
        'messageId among the dead letters',
      );
    },
  },
  {
    id: 'contract.publish-options',
    title: 'The metadata contains the `messageId`, headers and ordering key passed to `publish`.',
    section,
    async run(context) {
      const backend = context.backend();
      const member = await context.consume(backend, { group: 'workers' });
      const independent = await context.consume(backend);
      const options = { messageId: 'Ev0123.4-5_6', headers: { 'x-slack-retry-num': '1' }, orderingKey: 'C024BE91L' };
      await context.publish(backend, [1], options);
      for (const reader of [member, independent]) {
        const { messageId, headers, orderingKey } = (await reader.next()).metadata;
        check.equal({ messageId, headers: { ...headers }, orderingKey }, options, 'metadata');
      }
    },
  },
  {
    id: 'contract.idempotent-publish',
    title:
      'A second publish with the same `messageId` stores nothing if the backend declares `idempotentPublish`, and is accepted otherwise.',
    section,
    async run(context) {
      const backend = context.backend();
      const reader = await context.consume(backend, { group: 'workers' });
      const other = context.backend();
      for (const publisher of [backend, other, backend]) await context.publish(publisher, [1], { messageId: 'Ev1' });
      if (context.capabilities.idempotentPublish) {
        await context.expectExactly(reader, backend, [1], 'three publishes of one messageId');
        return;
      }
      check.equal((await reader.next()).metadata.messageId, 'Ev1', 'messageId');
    },
  },
];
