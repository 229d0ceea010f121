import { getEventListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { check } from '../check.ts';
import { KEY, numbers } from '../context.ts';
import type { Property } from '../property.ts';

const section = 'lifecycle';
const group = 'workers';

/** Properties for open resources, objects that remain at the broker, and `health()`. */
export const lifecycle: readonly Property[] = [
  {
    id: 'lifecycle.cycles',
    title: 'Repeated opening and closing leaves no connection, timer or listener behind.',
    section,
    exclusive: true,
    async run(context) {
      const { inspect, namespace } = context;
      const controller = new AbortController();
      const { signal } = controller;
      const cycle = async (n: number): Promise<void> => {
        const backend = context.harness.create({ namespace });
        const member = await context.consume(backend, { group, signal });
        const independent = await context.consume(backend, { signal });
        const returned = await context.consume(backend, { group: 'returned', signal });
        await backend.publish(KEY, { n }, { signal });
        await (await member.next()).ack();
        await independent.next();
        await returned.next();
        await returned.return();
        await context.within(backend.close({ drainTimeoutMs: 0 }), 'close');
      };
      await cycle(0);
      // Counted like later, beside the timer of `eventually`.
      const before = await context.eventually(resources, 'resources that are closing');
      const cycles = context.count(200, 15);
      for (let n = 1; n <= cycles; n += 1) await cycle(n);
      check.equal(getEventListeners(signal, 'abort').length, 0, 'abort listeners on the signal');
      let now = before;
      const asFew = async (): Promise<boolean> => {
        now = await resources();
        return now.length <= before.length;
      };
      await context.eventually(asFew, () => `as few open resources as before; ${difference(before, now)}`);
      const connections = async (): Promise<boolean> => ((await inspect.connections?.(namespace)) ?? 0) === 0;
      await context.eventually(connections, 'the connections to close');
    },
  },
  {
    id: 'lifecycle.subscriptions',
    title: 'Closed subscriptions of an open backend leave no connection, timer or listener behind.',
    section,
    exclusive: true,
    async run(context) {
      const { inspect, namespace } = context;
      const controller = new AbortController();
      const backend = context.backend();
      const cycle = async (n: number): Promise<void> => {
        // It is closed while it opens.
        await context.read(backend, { group, signal: controller.signal }).close();
        const reader = await context.consume(backend, { group, signal: controller.signal });
        await context.publish(backend, [n]);
        check.equal((await reader.next()).payload['n'], n, 'payload');
        reader.ask();
        await reader.return();
        await reader.close();
      };
      await cycle(0);
      // Counted like later, beside the timer of `eventually`.
      const before = await context.eventually(resources, 'resources that are closing');
      const connections = (await inspect.connections?.(namespace)) ?? 0;
      const cycles = context.count(200, 15);
      for (let n = 1; n <= cycles; n += 1) await cycle(n);
      check.equal(getEventListeners(controller.signal, 'abort').length, 0, 'abort listeners on the signal');
      let now = before;
      const asFew = async (): Promise<boolean> => {
        now = await resources();
        return now.length <= before.length;
      };
      await context.eventually(asFew, () => `as few open resources as before; ${difference(before, now)}`);
      const asBefore = async (): Promise<boolean> => ((await inspect.connections?.(namespace)) ?? 0) <= connections;
      await context.eventually(asBefore, 'as few connections as before');
    },
  },
  {
    id: 'lifecycle.concurrent',
    title: 'Subscriptions that are opened and closed concurrently do not affect later ones.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      const toggle = async (): Promise<void> => {
        const reader = context.read(backend, { group });
        reader.ask();
        await reader.close();
      };
      await Promise.all(Array.from({ length: 10 }, toggle));
      await context.publish(backend, numbers(50));
      const reader = await context.consume(backend, { group });
      await context.expectExactly(reader, backend, numbers(50), 'after the others closed');
    },
  },
  {
    id: 'lifecycle.two-iterators',
    title:
      'Two subscriptions of one backend are independent: each can wait, keep messages or end without affecting the other.',
    section,
    async run(context) {
      const backend = context.backend({ groups: ['first', 'second'] });
      const first = await context.consume(backend, { group: 'first', ack: 'manual', prefetch: 1 });
      const second = await context.consume(backend, { group: 'second' });
      await context.publish(backend, numbers(20));
      const held = await first.next();
      first.ask();
      await context.expectExactly(
        second,
        backend,
        numbers(20),
        'the second subscription while the first keeps its message',
      );
      await second.return();
      await held.ack();
      check.ok(
        (await first.next('the next message of the first subscription')).payload['n'] !== held.payload['n'],
        'the message was delivered twice',
      );
    },
  },
  {
    id: 'lifecycle.ready-unobserved',
    title: 'A `ready` or a `next()` that is not awaited causes no unhandled rejection.',
    section,
    async run(context) {
      const backend = context.backend();
      const options = { group, keys: KEY };
      backend.consume(options);
      void backend.consume({ ...options, signal: AbortSignal.abort() }).return();
      void backend.consume(options).close({ drainTimeoutMs: 0 });
      const controller = new AbortController();
      backend.consume({ keys: KEY, signal: controller.signal });
      controller.abort(new Error('on purpose'));
      await nextTurn();
      await context.within(backend.close(), 'close');
      await nextTurn();
    },
  },
  {
    id: 'lifecycle.health',
    title: '`health()` reports `up` when the backend is usable, and contains no secret.',
    section,
    async run(context) {
      const backend = context.backend();
      const up = async (): Promise<boolean> => (await backend.health()).status === 'up';
      await context.eventually(up, 'health() to report up');
      const { latencyMs, detail } = await context.within(backend.health(), 'health');
      check.ok(latencyMs === undefined || latencyMs >= 0, `latencyMs is ${latencyMs}`);
      for (const [name, value] of Object.entries(detail)) {
        check.ok(['string', 'number', 'boolean'].includes(typeof value), `${name} in detail is a ${typeof value}`);
        check.ok(!/:\/\/[^/\s]*:[^/\s]*@/.test(String(value)), `${name} in detail contains a password`);
      }
    },
  },
  {
    id: 'lifecycle.health-changes-nothing',
    title: '`health()` publishes, consumes and creates nothing.',
    section,
    async run(context) {
      const { inspect, namespace } = context;
      const backend = context.backend({ groups: [group] });
      const independent = await context.consume(backend);
      await context.publish(backend, [1]);
      const reader = await context.consume(backend, { group, ack: 'manual' });
      const objects = async (): Promise<string[]> => [...((await inspect.objects?.(namespace)) ?? [])].sort();
      const before = await objects();
      for (let index = 0; index < 10; index += 1) await context.within(backend.health(), 'health');
      check.equal(await objects(), before, 'objects at the broker');
      await context.expectExactly(reader, backend, [1], 'the group');
      await context.expectExactly(independent, backend, [1, -2], 'an independent consumer');
    },
  },
];

/** Waits for closing resources, then returns the kinds of the resources that keep the process alive. */
async function resources(): Promise<readonly string[]> {
  await nextTurn();
  return process.getActiveResourcesInfo().filter((name) => name !== 'Immediate');
}

/** Describes the kinds of resources whose number has grown, with both numbers. */
function difference(before: readonly string[], now: readonly string[]): string {
  const count = (names: readonly string[], kind: string): number => names.filter((name) => name === kind).length;
  return [...new Set(now)]
    .filter((kind) => count(now, kind) > count(before, kind))
    .map((kind) => `${kind} ${count(before, kind)}, now ${count(now, kind)}`)
    .join('; ');
}
