import { MinHeap } from '@slack-mcp/core/backend';
import { expect, test } from 'vitest';
import { DeadLetterShelf, type ParkedMessage } from '../src/dead-letter-shelf.ts';
import { CHUNK_SIZE, MessageLog } from '../src/message-log.ts';
import { RecentIds } from '../src/recent-ids.ts';
import type { StoredMessage } from '../src/stored-message.ts';

/** Pseudo-random numbers that are the same in each run. */
function sequence(count: number, below: number): number[] {
  let state = 1;
  return Array.from({ length: count }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  });
}

const stored = (offset: number): StoredMessage => ({
  offset,
  text: '{}',
  messageId: String(offset),
  timestamp: 0,
  headers: {},
  orderingKey: undefined,
});

test('a heap returns the smallest item first, in any order of insertion', () => {
  const heap = new MinHeap<number>((a, b) => a < b);
  const model: number[] = [];
  for (const n of sequence(5_000, 300)) {
    if (n % 3 === 0) {
      model.sort((a, b) => a - b);
      expect(heap.peek()).toBe(model[0]);
      expect(heap.pop()).toBe(model.shift());
    } else {
      heap.push(n);
      model.push(n);
    }
    expect(heap.size).toBe(model.length);
  }
  model.sort((a, b) => a - b);
  expect(model.map(() => heap.pop())).toEqual(model);
  expect(heap.pop()).toBeUndefined();
});

test('a log reads at any offset and removes whole chunks', () => {
  const log = new MessageLog();
  const count = 5 * CHUNK_SIZE + 7;
  for (let offset = 0; offset < count; offset += 1) log.append(stored(offset));
  expect(log.end).toBe(count);
  log.forget(2 * CHUNK_SIZE + 500);
  expect(log.at(2 * CHUNK_SIZE - 1)).toBeUndefined();
  for (const offset of [2 * CHUNK_SIZE, 3 * CHUNK_SIZE - 1, 3 * CHUNK_SIZE, count - 1]) {
    expect(log.at(offset)?.offset).toBe(offset);
  }
  expect(log.at(count)).toBeUndefined();
  log.forget(count + 10 * CHUNK_SIZE);
  log.append(stored(count));
  expect(log.at(count)?.offset).toBe(count);
});

test('a log continues after all its messages were removed', () => {
  const log = new MessageLog();
  for (let offset = 0; offset < CHUNK_SIZE; offset += 1) log.append(stored(offset));
  log.forget(CHUNK_SIZE);
  expect(log.at(CHUNK_SIZE - 1)).toBeUndefined();
  log.append(stored(CHUNK_SIZE));
  expect(log.at(CHUNK_SIZE)?.offset).toBe(CHUNK_SIZE);
});

test('a shelf finds, lists and removes items like a sorted list', () => {
  const shelf = new DeadLetterShelf();
  let model: number[] = [];
  let number = 0;
  for (const n of sequence(3_000, 1_000)) {
    if (n % 5 < 3) {
      number += 1 + (n % 3);
      shelf.put({ number, stored: stored(0), retryCount: 0, deadLetteredAt: 0, reason: {} });
      model.push(number);
    } else {
      const wanted = n % 2 === 0 ? (model[n % (model.length + 1)] ?? -1) : n;
      expect(shelf.take(wanted)?.number).toBe(model.includes(wanted) ? wanted : undefined);
      model = model.filter((kept) => kept !== wanted);
    }
    expect(shelf.size).toBe(model.length);
    const numbers = (items: readonly ParkedMessage[]) => items.map((item) => item.number);
    expect(numbers(shelf.list(n, 7))).toEqual(model.filter((kept) => kept >= n).slice(0, 7));
  }
  expect(shelf.newest).toBe(model.at(-1));
  expect(shelf.list(0, 3_000).map((item) => item.number)).toEqual(model);
});

test('remembers the latest 100,000 ids, but not all', () => {
  const recent = new RecentIds();
  for (let n = 0; n < 250_000; n += 1) recent.add(String(n));
  expect(recent.has('0')).toBe(false);
  expect(recent.has('150000')).toBe(true);
  expect(recent.has('249999')).toBe(true);
});
