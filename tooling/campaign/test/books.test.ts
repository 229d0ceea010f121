import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Books } from '../src/books.ts';
import type { EntryKind } from '../src/journal.ts';

describe('the books', () => {
  const entry = (kind: EntryKind, event: number, at = 1_000) => ({ kind, event, at });

  test('balance', () => {
    const books = new Books(3, 2);
    for (const event of [0, 1, 2]) books.take(entry('attempted', event));
    books.take(entry('rejected', 1));
    books.take(entry('attempted', 1));
    for (const event of [0, 1]) books.take(entry('confirmed', event));
    for (const group of [0, 1]) books.take(entry('handled', 0), group);
    books.take(entry('handled', 1), 0);
    books.take(entry('refused', 1), 1);
    expect(books.totals()).toEqual({
      ...{ attempted: 4, confirmed: 2, delivered: 1, lost: 1, duplicates: 0 },
      ...{ foreign: 0, rejected: 1, crashed: 0 },
    });
    expect([...books.lost()]).toEqual([{ event: 1, confirmedAt: 1_000, groups: [1] }]);
    expect([books.reached, books.missing]).toEqual([1, 3]);
    books.take(entry('handled', 1), 1);
    expect(books.totals()).toMatchObject({ delivered: 2, lost: 0 });
    expect([books.reached, books.missing]).toEqual([2, 2]);
  });

  test('count every repeated handling, for each group', () => {
    const books = new Books(2, 2);
    for (const group of [0, 1, 1, 1]) books.take(entry('handled', 1), group);
    expect(books.totals().duplicates).toBe(2);
    expect([...books.duplicated()]).toEqual([{ event: 1, group: 1, times: 3 }]);
    for (let i = 0; i < 1_000; i += 1) books.take(entry('handled', 0), 0);
    expect(books.totals().duplicates).toBe(2 + 999);
  });

  test('count an event once that two publishers confirmed', () => {
    const books = new Books(1, 1);
    for (let i = 0; i < 2; i += 1) books.take(entry('confirmed', 0));
    expect(books.confirmed).toBe(1);
  });

  test('count a message as foreign that was never published', () => {
    const books = new Books(2, 1);
    books.take(entry('foreign', -1), 0);
    books.take(entry('handled', 2), 0);
    expect(books.totals()).toMatchObject({ foreign: 2, duplicates: 0 });
  });

  test('count the messages handled within a time', () => {
    const books = new Books(10, 1);
    for (let event = 0; event < 10; event += 1) books.take(entry('handled', event, 1_000 * event), 0);
    expect(books.handledWithin(2_500, 9_000)).toBe(3);
  });

  test('agree with a simple count, in any order', () => {
    const handled = fc.record({ event: fc.nat(9), group: fc.nat(1) });
    fc.assert(
      fc.property(fc.array(handled), fc.uniqueArray(fc.nat(9)), (deliveries, confirmed) => {
        const books = new Books(10, 2);
        for (const event of confirmed) books.take(entry('confirmed', event));
        for (const { event, group } of deliveries) books.take(entry('handled', event), group);
        const distinct = new Set(deliveries.map(({ event, group }) => `${event}/${group}`));
        const lost = confirmed.filter((event) => !distinct.has(`${event}/0`) || !distinct.has(`${event}/1`));
        expect(books.totals()).toMatchObject({
          ...{ confirmed: confirmed.length, lost: lost.length, delivered: confirmed.length - lost.length },
          duplicates: deliveries.length - distinct.size,
        });
      }),
    );
  });
});
