import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { Redis } from 'ioredis';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { RedisConnection } from '../src/client.ts';
import { GroupStream } from '../src/group-stream.ts';
import { resolveOptions } from '../src/options.ts';
import { StreamNames } from '../src/stream-names.ts';
import { freshPrefix, KEY } from './fresh-backend.ts';

const GROUP = 'workers';

describeWithBroker('redis', (broker) => {
  const admin = new Redis(broker.url);
  afterAll(() => admin.disconnect());

  /** Two members of a group, without the machine that normally drives them. */
  async function members({ isRedrive = false } = {}) {
    const prefix = freshPrefix();
    const names = new StreamNames(prefix, KEY);
    const connection = new RedisConnection(resolveOptions({ url: broker.url, prefix }), 'test');
    onTestFinished(() => connection.close());
    const member = (name: string): GroupStream => new GroupStream(connection, names, GROUP, name, isRedrive);
    const [one, two] = [member('one'), member('two')];
    await one.create('0');
    await two.create('0');
    const stream = one.name;
    const add = async (id = '*'): Promise<string> => (await admin.xadd(stream, id, 'data', '{}')) as string;
    /** Assigns new messages to a member. */
    async function fetch(count: number, to = 'one'): Promise<string[]> {
      const ids: string[] = [];
      for (let index = 0; index < count; index += 1) ids.push(await add());
      await admin.xreadgroup('GROUP', GROUP, to, 'COUNT', count, 'STREAMS', stream, '>');
      return ids;
    }
    const pending = async () =>
      ((await admin.xpending(stream, GROUP, '-', '+', 100)) as [string, string, number, number][]).map(
        ([id, owner, , count]) => ({ id, owner, count }),
      );
    const consumers = async (): Promise<string[]> =>
      ((await admin.xinfo('CONSUMERS', stream, GROUP)) as string[][]).map((row) => String(row[1])).sort();
    return { one, two, stream, add, fetch, pending, consumers };
  }

  test('a member that holds a message does not leave its group, because that would drop the message', async () => {
    const { one, fetch, pending, consumers } = await members();
    const [id = ''] = await fetch(1);
    await one.leave();
    expect([await consumers(), await pending()]).toEqual([['one', 'two'], [{ id, owner: 'one', count: 1 }]]);
    await one.ackHeld([id], false);
    await one.leave();
    expect(await consumers()).toEqual(['two']);
  });

  test('a repeated ack is not lost, but an ack of another member’s message is', async () => {
    const { one, two, fetch } = await members();
    const [mine = '', theirs = ''] = await fetch(2);
    await two.take(10, 0);
    expect(await two.ackHeld([mine], false)).toEqual(new Set());
    expect(await two.ackHeld([mine], true)).toEqual(new Set());
    expect(await two.ackHeld([mine], false)).toEqual(new Set([mine]));
    expect(await one.ackHeld([theirs], true)).toEqual(new Set([theirs]));
  });

  test('a repeated attempt to park succeeds and parks nothing twice', async () => {
    const { one, fetch, stream } = await members();
    const [id = ''] = await fetch(1);
    const parking = { id, retryCount: 0, reason: { code: 'TEST' } };
    await one.park(parking);
    await one.park({ ...parking, repeated: true });
    await expect(one.park(parking)).rejects.toMatchObject({ code: 'ERR_QUEUE_LEASE_LOST' });
    expect(await admin.xlen(`{${stream}}:dead:${GROUP}`)).toBe(1);
  });

  test('counts a delivery only for the member that holds the message', async () => {
    const { one, two, fetch, pending } = await members();
    const [id = ''] = await fetch(1);
    expect(await two.begin([{ id, count: 7 }])).toEqual(new Set([id]));
    expect(await pending()).toEqual([{ id, owner: 'one', count: 1 }]);
    expect(await one.begin([{ id, count: 7 }])).toEqual(new Set());
    expect(await pending()).toEqual([{ id, owner: 'one', count: 7 }]);
  });

  test('a released message keeps its count, and was not lost', async () => {
    const { one, two, fetch } = await members();
    const ids = await fetch(2);
    await one.begin(ids.map((id) => ({ id, count: 5 })));
    const releases = ids.map((id, index) => ({ id, count: index * 9, dueInMs: 0 }));
    expect(await one.release(releases)).toEqual(new Set());
    expect(await one.release(releases), 'a repetition').toEqual(new Set());
    const taken = await two.take(10, 60_000);
    expect(taken.map(({ count, interrupted }) => [count, interrupted])).toEqual([
      [5, false],
      [9, false],
    ]);
  });

  test('released messages can be taken one at a time', async () => {
    const { one, two, fetch } = await members();
    const ids = await fetch(3);
    await one.release(ids.map((id) => ({ id, count: 0, dueInMs: 0 })));
    const taken: string[] = [];
    for (let turn = 0; turn < 3; turn += 1) taken.push(...(await two.take(1, 60_000)).map(({ entry }) => entry.id));
    expect(taken).toEqual(ids);
  });

  test('takes the messages of a silent member as lost, and never its own', async () => {
    const { one, two, fetch, pending } = await members();
    const [id = ''] = await fetch(1);
    expect(await one.take(10, 0)).toEqual([]);
    const taken = await two.take(10, 0);
    expect(taken.map(({ entry, interrupted }) => [entry.id, interrupted])).toEqual([[id, true]]);
    expect(await two.take(10, 60_000)).toEqual([]);
    expect(await pending()).toMatchObject([{ owner: 'two' }]);
  });

  test('another member knows when a message is due that was delayed for longer than the lease', async () => {
    const { one, two, fetch } = await members();
    const [long = '', short = ''] = await fetch(2);
    expect(await one.delay(long, 3, 3_600_000, true)).toBe(true);
    expect(await one.delay(short, 3, 3_600_000, false)).toBe(true);
    const due = new Map((await two.take(10, 0)).map(({ entry, dueInMs }) => [entry.id, dueInMs]));
    expect(due.get(long)).toBeGreaterThan(3_000_000);
    expect(due.get(short)).toBe(0);
  });

  test('does not delay a message whose entry was deleted', async () => {
    const { one, fetch, stream } = await members();
    const [id = ''] = await fetch(1);
    await admin.xdel(stream, id);
    expect(await one.delay(id, 2, 1_000, true)).toBe(false);
  });

  /** A stream of 250 messages that two groups have read and acknowledged, except for one. */
  async function history(unacked: string | undefined) {
    const { one, stream, add } = await members();
    for (let n = 1; n <= 250; n += 1) await add(`1-${n}`);
    for (const group of ['a-group', GROUP, 'z-group']) {
      if (group !== GROUP) await admin.xgroup('CREATE', stream, group, '0');
      await admin.xreadgroup('GROUP', group, 'one', 'COUNT', 250, 'STREAMS', stream, '>');
      const ids = Array.from({ length: 250 }, (_, index) => `1-${index + 1}`).filter((id) => id !== unacked);
      await admin.xack(stream, group, ...ids);
    }
    return { one, stream, length: () => admin.xlen(stream) };
  }

  test('trims what every group has acknowledged', async () => {
    const { one, length } = await history(undefined);
    await one.trim(10, 0);
    expect(await length()).toBeLessThan(150);
  });

  test.each(['1-1', '1-9', '1-99'])('keeps everything from the one unacknowledged message on: %s', async (unacked) => {
    const { one, stream, length } = await history(unacked);
    await one.trim(10, 0);
    expect(await length()).toBe(250);
    for (const group of ['a-group', GROUP]) await admin.xack(stream, group, unacked);
    await one.trim(10, 0);
    expect(await length(), 'one group still needs it').toBe(250);
    await admin.xack(stream, 'z-group', unacked);
    await one.trim(10, 0);
    expect(await length()).toBeLessThan(150);
  });

  test.each(['a-group', 'z-group'])('keeps everything for a group that has read nothing: %s', async (slow) => {
    const { one, stream, length } = await history(undefined);
    await admin.xgroup('SETID', stream, slow, '0');
    await one.trim(10, 0);
    expect(await length()).toBe(250);
  });

  test('a redriven message is deleted with its ack', async () => {
    const { one, stream, fetch } = await members({ isRedrive: true });
    const ids = await fetch(2);
    await one.ackHeld(ids, false);
    expect(await admin.xlen(stream)).toBe(0);
  });
});
