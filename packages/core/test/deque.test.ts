import { expect, test } from 'vitest';
import { Deque } from '../src/delivery/deque.ts';

test('returns items in order while it grows and shrinks, at any position of the ring', () => {
  const deque = new Deque<number>();
  const model: number[] = [];
  let next = 0;
  for (let round = 1; round <= 300; round += 1) {
    const grow = round < 150 ? (round * 7) % 31 : (round * 7) % 11;
    const shrink = round < 150 ? (round * 5) % 19 : (round * 5) % 37;
    for (let count = 0; count < grow; count += 1) {
      deque.push(next);
      model.push(next);
      next += 1;
    }
    for (let count = 0; count < shrink; count += 1) expect(deque.shift()).toBe(model.shift());
    expect(deque.length).toBe(model.length);
  }
  expect(next).toBeGreaterThan(2_000);
});

test('removes an item in the middle, and all items', () => {
  const deque = new Deque<number>();
  for (let n = 0; n < 40; n += 1) deque.push(n);
  for (let n = 0; n < 20; n += 1) deque.shift();
  for (let n = 40; n < 50; n += 1) deque.push(n);
  expect(deque.remove(25)).toBe(true);
  expect(deque.remove(25)).toBe(false);
  expect(deque.remove(3)).toBe(false);
  const rest = Array.from({ length: 30 }, (_, index) => 20 + index).filter((n) => n !== 25);
  expect(deque.length).toBe(29);
  expect(deque.drain()).toEqual(rest);
  expect(deque.length).toBe(0);
  expect(deque.shift()).toBeUndefined();
});
