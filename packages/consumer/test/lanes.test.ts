import { expect, test } from 'vitest';
import { Lanes } from '../src/lanes.ts';

/** A task that ends when the test ends it. */
function task(): { run: () => Promise<void>; end: () => void; started: () => boolean } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let started = false;
  return {
    run: () => {
      started = true;
      return promise;
    },
    end: resolve,
    started: () => started,
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('runs at most `concurrency` tasks at once', async () => {
  const lanes = new Lanes(2);
  const tasks = [task(), task(), task()] as const;
  for (const each of tasks) lanes.add(undefined, each.run);
  expect(tasks.map((each) => each.started())).toEqual([true, true, false]);
  tasks[1].end();
  await settled();
  expect(tasks[2].started()).toBe(true);
  expect(lanes.load.size).toBe(2);
});

test('runs tasks of a lane one at a time, in order, without delaying other lanes', async () => {
  const lanes = new Lanes(2);
  const [a1, a2, a3, b1] = [task(), task(), task(), task()];
  lanes.add('a', a1.run);
  lanes.add('a', a2.run);
  lanes.add('a', a3.run);
  lanes.add('b', b1.run);
  expect([a1, a2, a3, b1].map((each) => each.started())).toEqual([true, false, false, true]);
  a1.end();
  await settled();
  expect([a2, a3].map((each) => each.started())).toEqual([true, false]);
  a2.end();
  a3.end();
  b1.end();
  await lanes.until(({ size }) => size === 0);
  expect(lanes.load.size).toBe(0);
  const again = task();
  lanes.add('a', again.run);
  expect(again.started()).toBe(true);
});

test('until resolves only when the load meets the condition', async () => {
  const lanes = new Lanes(1);
  const [first, second] = [task(), task()];
  lanes.add('a', first.run);
  lanes.add('a', second.run);
  let room = false;
  void lanes
    .until(({ size }) => size < 2)
    .then(() => {
      room = true;
    });
  await settled();
  expect(room).toBe(false);
  first.end();
  await settled();
  expect(room).toBe(true);
  await expect(lanes.until(({ size }) => size < 2)).resolves.toBeUndefined();
});

test('runs the next task of a lane after one rejects', async () => {
  const lanes = new Lanes(1);
  const next = task();
  lanes.add('a', () => Promise.reject(new Error('broken')));
  lanes.add('a', next.run);
  await settled();
  expect(next.started()).toBe(true);
  next.end();
  await lanes.until(({ size }) => size === 0);
});

test('counts a lane with its share towards the total limit, and names the fullest lane', async () => {
  let changes = 0;
  const lanes = new Lanes(2, 3, () => {
    changes += 1;
  });
  const flood = Array.from({ length: 10 }, task);
  const other = task();
  for (const each of flood) lanes.add('flood', each.run);
  lanes.add('other', other.run);
  lanes.add(undefined, () => Promise.resolve());
  expect(lanes.load).toEqual({ size: 12, running: 2, counted: 5, overflow: 7 });
  expect(lanes.fullest).toEqual({ lane: 'flood', waiting: 9 });
  other.end();
  await settled();
  expect(lanes.load).toEqual({ size: 10, running: 1, counted: 3, overflow: 7 });
  const overflows: number[] = [];
  for (const each of flood) {
    each.end();
    await settled();
    overflows.push(lanes.load.overflow);
  }
  expect(overflows).toEqual([6, 5, 4, 3, 2, 1, 0, 0, 0, 0]);
  expect(lanes.load).toEqual({ size: 0, running: 0, counted: 0, overflow: 0 });
  expect(lanes.fullest).toBeUndefined();
  expect(changes).toBe(24);
});
