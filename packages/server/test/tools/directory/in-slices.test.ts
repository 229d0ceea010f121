import { describe, expect, it } from 'vitest';
import { createDirectory } from '../../../src/tools/directory/directory.ts';
import { inSlices } from '../../../src/tools/directory/in-slices.ts';
import { Names } from '../../../src/tools/directory/names.ts';

/** Counts how often other work can run during a task. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let goesOn = true;
  const count = () => {
    turns += 1;
    if (goesOn) setImmediate(count);
  };
  setImmediate(count);
  await work();
  goesOn = false;
  return turns;
}

const busy = (milliseconds: number): void => {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
};

describe('many items', () => {
  it('are all visited, and let other work run in between', async () => {
    const items = Array.from({ length: 640 }, (_, index) => index);
    const visited: number[] = [];
    const turns = await turnsDuring(() =>
      inSlices(items, (item) => {
        visited.push(item);
        busy(0.1);
      }),
    );
    expect(visited).toEqual(items);
    expect(turns).toBeGreaterThanOrEqual(9);
  });

  it('are abandoned when no caller waits any longer', async () => {
    const abort = new AbortController();
    let visited = 0;
    const work = inSlices(
      Array.from({ length: 10_000 }),
      () => {
        visited += 1;
        if (visited === 100) abort.abort(new Error('given up'));
        busy(0.1);
      },
      abort.signal,
    );
    await expect(work).rejects.toThrow('given up');
    expect(visited).toBeLessThan(1_000);
  });
});

describe('the names of a large workspace', () => {
  const names = new Names(300_000);
  for (let index = 0; index < 250_000; index += 1) {
    names.add({ id: `U${index}`, names: [`first.last${index}`, `first last ${index}`] });
  }
  const directory = createDirectory({
    slack: { call: () => new Promise(() => {}) },
    file: { restore: async () => ({ names, readAt: Date.now() }), keep() {}, idle: async () => {} },
  });

  it('do not block other work when a wrong or partial name is looked up', async () => {
    const wrong = () =>
      expect(directory.users.resolve('firts.last24999')).rejects.toThrow('Similar names: @first.last24999');
    expect(await turnsDuring(wrong)).toBeGreaterThan(3);
    let suggested: readonly string[] = [];
    const typing = async () => {
      suggested = (await directory.users.suggest('@last 2499')).names;
    };
    expect(await turnsDuring(typing)).toBeGreaterThan(1);
    expect(suggested.slice(0, 3)).toEqual(['first last 2499', 'first last 24990', 'first last 249900']);
  });

  it('are found at once when they are correct', async () => {
    expect(await directory.users.resolve('@First.Last249999')).toBe('U249999');
  });
});
