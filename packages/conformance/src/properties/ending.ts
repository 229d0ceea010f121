import type { QueueMessage } from '@slack-mcp/core';
import { check } from '../check.ts';
import { KEY, numbers } from '../context.ts';
import type { Property } from '../property.ts';

const section = 'lifecycle';
const group = 'workers';

/** Properties for the end of a subscription by an abort, `return()` or `close()`. */
export const ending: readonly Property[] = [
  {
    id: 'lifecycle.abort-idle',
    title: 'An abort ends a waiting iteration immediately and without an error.',
    section,
    async run(context) {
      const backend = context.backend();
      for (const name of [group, undefined]) {
        const controller = new AbortController();
        const options = name === undefined ? {} : { group: name };
        const reader = await context.consume(backend, { ...options, signal: controller.signal });
        reader.ask();
        controller.abort(new Error('the iteration must not throw the abort reason'));
        await reader.end('abort');
        await reader.end('abort, requested again');
      }
    },
  },
  {
    id: 'lifecycle.abort-releases',
    title: 'An abort releases buffered messages to other members immediately. Messages in flight can still be acked.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      const count = 10;
      await context.publish(backend, numbers(count));
      const controller = new AbortController();
      const { signal } = controller;
      const leaving = await context.consume(backend, { group, ack: 'manual', prefetch: count, signal });
      const inFlight = await leaving.next();
      controller.abort();
      const staying = await context.consume(backend, { group });
      const rest = numbers(count).filter((n) => n !== inFlight.payload['n']);
      const messages = await context.collect(staying, rest, 'the released messages');
      check.ok(!inFlight.signal.aborted, 'the message in flight was taken away');
      await context.within(inFlight.ack(), 'ack after abort');
      await leaving.end('abort');
      await context.expectExactly(staying, backend, [], 'after the message in flight was acked');
      const { inspect, namespace } = context;
      const one = async (): Promise<boolean> => ((await inspect.pending?.(namespace, group)) ?? 1) === 1;
      await context.eventually(one, 'the broker to count only the last message as pending');
      if (context.capabilities.retryCount === 'exact') {
        check.equal(
          messages.map((message) => message.metadata.deliveryCount),
          rest.map(() => 1),
          'deliveryCounts of buffered messages',
        );
      }
    },
  },
  {
    id: 'lifecycle.abort-while-processing',
    title:
      'After an abort during processing, the next request of the loop acks the message in flight and ends the loop.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [1, 2, 3]);
      const controller = new AbortController();
      const processed: number[] = [];
      const loop = (async () => {
        for await (const message of backend.consume({ group, keys: KEY, signal: controller.signal })) {
          processed.push(message.payload['n'] as number);
          controller.abort();
        }
      })();
      await context.within(loop, 'the loop to end');
      check.equal(processed.length, 1, 'messages processed');
      const reader = await context.consume(backend, { group });
      const rest = [1, 2, 3].filter((n) => !processed.includes(n));
      await context.expectExactly(reader, backend, rest, 'after the abort');
    },
  },
  {
    id: 'lifecycle.aborted-before',
    title: 'A subscription with an already aborted signal yields nothing and opens nothing.',
    section,
    async run(context) {
      const { inspect, namespace } = context;
      const backend = context.backend();
      const reader = context.read(backend, { group, signal: AbortSignal.abort() });
      await reader.end('an aborted signal');
      check.equal((await inspect.connections?.(namespace)) ?? 0, 0, 'connections');
      const publishing = backend.publish(KEY, {}, { signal: AbortSignal.abort() }).then(
        () => true,
        () => false,
      );
      check.ok(!(await context.within(publishing, 'publish')), 'publish with an aborted signal resolved');
    },
  },
  {
    id: 'lifecycle.return-while-waiting',
    title: '`return()` during a wait resolves and ends the wait. The next subscription receives all messages.',
    section,
    async run(context) {
      const backend = context.backend();
      const reader = await context.consume(backend, { group });
      reader.ask();
      const result = await reader.return();
      check.ok(result.done, 'return() did not resolve with done');
      await reader.end('return()');
      const next = await context.consume(backend, { group });
      await context.publish(backend, [1]);
      check.equal((await next.next('a message at the next subscription')).payload['n'], 1, 'payload');
    },
  },
  {
    id: 'lifecycle.close-ends',
    title: '`close()` ends the waits of all subscriptions without an error.',
    section,
    async run(context) {
      const backend = context.backend();
      const readers = [await context.consume(backend, { group }), await context.consume(backend)];
      for (const reader of readers) reader.ask();
      await context.within(backend.close(), 'close');
      for (const reader of readers) await reader.end('close of the backend');
    },
  },
  {
    id: 'lifecycle.drain',
    title: '`close()` waits for messages in flight, accepts their settlements and delivers no further messages.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, numbers(5));
      const reader = await context.consume(backend, { group, ack: 'manual' });
      const [acked, nacked, parked] = (await reader.take(3)) as [QueueMessage, QueueMessage, QueueMessage];
      let closed = false;
      const closing = backend.close({ drainTimeoutMs: context.deadlineMs }).then(() => {
        closed = true;
      });
      const other = context.backend();
      const successor = await context.consume(other, { group });
      const n = (message: QueueMessage): number => message.payload['n'] as number;
      const inFlight = [acked, nacked, parked].map(n);
      await context.collect(
        successor,
        numbers(5).filter((value) => !inFlight.includes(value)),
        'the buffered messages',
      );
      check.ok(!closed, 'close() did not wait for messages in flight');
      check.ok(!acked.signal.aborted, 'the message in flight was taken away during the drain time');
      await context.within(acked.ack(), 'ack while draining');
      await context.within(parked.deadLetter({ code: 'TEST' }), 'deadLetter while draining');
      check.ok(!closed, 'close() did not wait for the last message');
      await context.within(nacked.nack(), 'nack while draining');
      await context.within(closing, 'close after all messages were settled');
      await context.expectExactly(successor, other, [n(nacked)], 'after draining');
      const { items } = await other.deadLetters({ group, keys: [KEY] }).list();
      check.equal(
        items.map((item) => item.payload?.['n']),
        [n(parked)],
        'dead letters',
      );
    },
  },
  {
    id: 'lifecycle.drain-timeout',
    title:
      'After the drain time, messages in flight go to other consumers. Their signals abort, and their acks reject with ERR_QUEUE_LEASE_LOST.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [1]);
      const leaving = await context.consume(backend, { group, ack: 'manual' });
      const message = await leaving.next();
      check.ok(!message.signal.aborted, 'the signal is aborted while the message is owned');
      await leaving.close(50);
      const staying = await context.consume(backend, { group });
      const again = await staying.next('the message that was not settled in time');
      check.equal(again.metadata.messageId, message.metadata.messageId, 'messageId');
      check.ok(message.signal.aborted, 'the signal of a lost message is not aborted');
      await check.rejects(context.within(message.ack(), 'ack'), 'ERR_QUEUE_LEASE_LOST', 'ack of a lost message');
      await again.ack();
      await context.expectExactly(staying, backend, [], 'after the successor acked');
    },
  },
  {
    id: 'lifecycle.close-bounded',
    title: '`close()` ends even if a message in flight is never settled.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [1, 2]);
      const readers = [await context.consume(backend, { group, prefetch: 1 }), await context.consume(backend)];
      await readers[0]?.next();
      await context.within(backend.close({ drainTimeoutMs: 50 }), 'close() with a message in flight');
      for (const reader of readers) await reader.end('close');
    },
  },
  {
    id: 'lifecycle.close-flushes',
    title: '`close()` settles every pending publish: none hangs, and all confirmed messages are stored.',
    section,
    async run(context) {
      const publisher = context.backend({ groups: [group] });
      const count = context.count(1000, 50);
      const confirmed: number[] = [];
      const publishing = numbers(count).map((n) =>
        publisher.publish(KEY, { n }).then(
          () => confirmed.push(n),
          () => {},
        ),
      );
      await context.within(publisher.close(), 'close');
      await context.within(Promise.all(publishing), 'the pending publishes');
      const backend = context.backend();
      const reader = await context.consume(backend, { group });
      const missing = new Set(confirmed);
      while (missing.size > 0) missing.delete((await reader.next('a confirmed message')).payload['n'] as number);
    },
  },
];
