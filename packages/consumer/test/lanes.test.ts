import { expect, test } from 'vitest';
import { Lanes } from '../src/lanes.ts';

/** A task that ends when it is told to. */
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

test('at most `concurrency` tasks run at once', async () => {
  const lanes = new Lanes(2);
  const tasks = [task(), task(), task()] as const;
  for (const each of tasks) lanes.add(undefined, each.run);
  expect(tasks.map((each) => each.started())).toEqual([true, true, false]);
  tasks[1].end();
  await settled();
  expect(tasks[2].started()).toBe(true);
  expect(lanes.size).toBe(2);
});

test('tasks of a lane run one at a time, in order, and hold no other lane up', async () => {
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
  await lanes.fewerThan(1);
  expect(lanes.size).toBe(0);
  const again = task();
  lanes.add('a', again.run);
  expect(again.started()).toBe(true);
});

test('fewerThan resolves when there is room, and not before', async () => {
  const lanes = new Lanes(1);
  const [first, second] = [task(), task()];
  lanes.add('a', first.run);
  lanes.add('a', second.run);
  let room = false;
  void lanes.fewerThan(2).then(() => {
    room = true;
  });
  await settled();
  expect(room).toBe(false);
  first.end();
  await settled();
  expect(room).toBe(true);
  await expect(lanes.fewerThan(2)).resolves.toBeUndefined();
});

test('a task that rejects leaves its lane to the next one', async () => {
  const lanes = new Lanes(1);
  const next = task();
  lanes.add('a', () => Promise.reject(new Error('broken')));
  lanes.add('a', next.run);
  await settled();
  expect(next.started()).toBe(true);
  next.end();
  await lanes.fewerThan(1);
});
