import type { DeadLetter } from '@slack-mcp/core';
import { check } from '../check.ts';
import { KEY, numbers, type PropertyContext } from '../context.ts';
import type { Property } from '../property.ts';
import type { Reader } from '../reader.ts';

const section = 'dead-letter';
const group = 'workers';

/** Properties for more dead letters than fit on one page. */
export const parkedInBulk: readonly Property[] = [
  {
    id: 'dead-letter.all',
    title: "Redrive and purge of `'all'` include all dead letters, however many pages there are.",
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      const parked = backend.deadLetters({ group, keys: [KEY] });
      const count = context.count(250, 120);
      await context.publish(backend, numbers(count));
      const reader = await context.consume(backend, { group, ack: 'manual', prefetch: 2 });
      await park(context, reader, count);
      check.equal(await context.within(parked.redrive('all'), 'redrive'), count, 'redriven');
      check.equal((await parked.list()).items, [], 'dead letters after redrive');
      await park(context, reader, count);
      check.equal(await context.within(parked.purge('all'), 'purge'), count, 'purged');
      check.equal((await parked.list()).items, [], 'dead letters after purge');
      await context.expectExactly(reader, backend, [], 'after all were purged');
    },
  },
  {
    id: 'dead-letter.list-while-changing',
    title: 'A paged list misses no dead letter when dead letters of earlier pages are redriven or purged in between.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      const parked = backend.deadLetters({ group, keys: [KEY] });
      await context.publish(backend, numbers(40));
      const reader = await context.consume(backend, { group, ack: 'manual' });
      await park(context, reader, 40);
      await reader.close();
      const seen: unknown[] = [];
      let cursor: string | undefined;
      do {
        const page: { items: DeadLetter[]; cursor?: string } = await context.within(
          parked.list(cursor === undefined ? { limit: 10 } : { limit: 10, cursor }),
          'list',
        );
        seen.push(...page.items.map((item) => item.payload?.['n']));
        const ids = page.items.map((item) => item.id);
        await context.within(parked.redrive(ids.slice(0, 5)), 'redrive');
        await context.within(parked.purge(ids.slice(5)), 'purge');
        cursor = page.cursor;
      } while (cursor !== undefined && seen.length <= 40);
      const inOrder = (a: unknown, b: unknown): number => (a as number) - (b as number);
      check.equal(seen.sort(inOrder), numbers(40), 'messages listed');
    },
  },
];

/** Parks the next `count` messages, which must have different numbers. */
async function park(context: PropertyContext, reader: Reader, count: number): Promise<void> {
  const missing = new Set(numbers(count));
  while (missing.size > 0) {
    const message = await reader.next(`${missing.size} of ${count} messages to park`);
    check.ok(missing.delete(message.payload['n'] as number), `${message.payload['n']} was delivered twice`);
    await context.within(message.deadLetter({ code: 'TEST' }), 'parking');
  }
}
