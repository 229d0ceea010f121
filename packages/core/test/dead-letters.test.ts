import { expect, test } from 'vitest';
import { createDeadLetters, type Parked, type ParkedContent, type ParkedStore } from '../src/backend.ts';
import { ConnectionError, type DeadLetters } from '../src/index.ts';

/** Parked messages in memory. A position is a number, and the numbers of the keys overlap. */
class Store implements ParkedStore<Parked> {
  readonly positions: Record<string, number[]>;
  readonly redriven: string[] = [];
  /** Called before messages are deleted. */
  beforePurge = (): void => {};

  constructor(positions: Record<string, number[]>) {
    this.positions = positions;
  }

  isPosition(text: string): boolean {
    return /^\d+$/.test(text);
  }

  comparePositions(a: string, b: string): number {
    return Number(a) - Number(b);
  }

  async read(key: string, from: string | undefined, limit: number): Promise<Parked[]> {
    const found = (this.positions[key] ?? []).filter((position) => position >= Number(from ?? 0));
    return found.slice(0, limit).map((position) => ({ position: String(position) }));
  }

  async newest(key: string): Promise<string | undefined> {
    return this.positions[key]?.at(-1)?.toString();
  }

  describe({ position }: Parked): ParkedContent {
    const body = position === '4' ? new Uint8Array([0xff]) : position === '5' ? undefined : `{"n":${position}}`;
    return {
      body,
      messageId: `Ev${position}`,
      headers: {},
      timestamp: 1,
      deadLetteredAt: 2,
      retryCount: 3,
      reason: {},
    };
  }

  async redrive(key: string, positions: readonly string[]): Promise<number> {
    this.redriven.push(...positions);
    // A consumer parks every message again.
    this.positions[key]?.push(...positions.map((position) => Number(position) + 1_000_000));
    return this.#remove(key, positions);
  }

  async purge(key: string, positions: readonly string[]): Promise<number> {
    this.beforePurge();
    return this.#remove(key, positions);
  }

  failed(cause: unknown, doing: string): ConnectionError {
    return new ConnectionError(doing, { cause });
  }

  #remove(key: string, positions: readonly string[]): number {
    const before = this.positions[key] ?? [];
    this.positions[key] = before.filter((position) => !positions.includes(String(position)));
    return before.length - this.positions[key].length;
  }
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const open = (store: Store, ...keys: string[]): DeadLetters =>
  createDeadLetters(() => store, { group: 'orders', keys });

async function pagesOf(letters: DeadLetters, limit: number): Promise<string[][]> {
  const pages: string[][] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await letters.list(cursor === undefined ? { limit } : { limit, cursor });
    pages.push(page.items.map(({ id }) => id));
    if (page.cursor === undefined) return pages;
    cursor = page.cursor;
  }
}

test.each([1, 2, 3, 4, 7])('lists keys with equal positions in pages of %i, each message once', async (limit) => {
  const letters = open(new Store({ b: [1, 2, 4], a: [1, 4, 9], c: [2] }), 'b', 'a', 'c', 'a');
  const pages = await pagesOf(letters, limit);
  expect(pages.flat()).toEqual(['1:a', '1:b', '2:b', '2:c', '4:a', '4:b', '9:a']);
  expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
});

test('continues after a cursor whose message is gone', async () => {
  const store = new Store({ a: [1, 2, 3], b: [2] });
  const { cursor } = await open(store, 'a', 'b').list({ limit: 2 });
  expect(cursor).toBe('2:a');
  store.positions['a'] = [3];
  const { items } = await open(store, 'a', 'b').list({ cursor: cursor as string });
  expect(items.map(({ id }) => id)).toEqual(['2:b', '3:a']);
});

test('describes a message by its payload, or by its bytes if they cannot be decoded', async () => {
  const { items } = await open(new Store({ a: [3, 4, 5] }), 'a').list();
  expect(items[0]).toEqual({
    id: '3:a',
    messageId: 'Ev3',
    key: 'a',
    group: 'orders',
    payload: { n: 3 },
    headers: {},
    timestamp: 1,
    deadLetteredAt: 2,
    retryCount: 3,
    reason: {},
  });
  expect(items.slice(1).map(({ payload, raw }) => [payload, raw])).toEqual([
    [undefined, new Uint8Array([0xff])],
    [undefined, new Uint8Array()],
  ]);
});

test('purges and redrives chosen messages once, and ignores other ids', async () => {
  const store = new Store({ a: range(250), b: [1] });
  const letters = open(store, 'a');
  expect(await letters.purge(['1:a', '1:a', '1:b', '999:a', 'x:a', '1', '', ':a'])).toBe(1);
  expect(await letters.redrive(range(250).map((position) => `${position}:a`))).toBe(249);
  expect(new Set(store.redriven).size).toBe(250);
  expect(store.positions['b']).toEqual([1]);
});

test('`all` excludes messages that are parked meanwhile', async () => {
  const store = new Store({ a: range(250), b: [7] });
  expect(await open(store, 'a', 'b').redrive('all')).toBe(251);
  expect(store.redriven).toHaveLength(251);
  expect([store.positions['a']?.length, store.positions['b']?.length]).toEqual([250, 1]);
});

test('`all` continues after another call took the same messages first', async () => {
  const store = new Store({ a: range(250) });
  store.beforePurge = () => {
    store.positions['a'] = store.positions['a']?.slice(100) ?? [];
    store.beforePurge = () => {};
  };
  expect(await open(store, 'a').purge('all')).toBe(150);
  expect(store.positions['a']).toEqual([]);
});

test('reports the operation of a failure', async () => {
  const store = new Store({});
  store.newest = () => Promise.reject(new Error('lost'));
  await expect(open(store, 'a').purge('all')).rejects.toMatchObject({
    code: 'ERR_QUEUE_CONNECTION',
    message: 'purging dead letters of orders under a',
  });
});

test('rejects malformed arguments', async () => {
  const store = new Store({});
  expect(() => open(store, '#')).toThrow('is not a valid key');
  expect(() => createDeadLetters(() => store, { group: 'a b', keys: ['a'] })).toThrow('is not a valid group');
  const letters = open(store, 'a');
  for (const limit of [0, 1.5, 1_001, Number.NaN])
    await expect(letters.list({ limit })).rejects.toThrow(`limit is ${limit}: use an integer`);
  for (const cursor of ['', 'x', 'x:a', '1'])
    await expect(letters.list({ cursor })).rejects.toThrow('cursor is not a cursor');
  for (const ids of [undefined, '1:a', {}]) {
    await expect(letters.purge(ids as never)).rejects.toMatchObject({ code: 'ERR_QUEUE_CONFIG' });
  }
});
