import { createFaultProxy } from '@slack-mcp/brokers';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import type { DeadLetterBatch, DeadLetters } from '@slack-mcp/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { RabbitMQBackend } from '../src/index.ts';
import { freshBackend, freshPrefix, KEY, receive } from './fresh-backend.ts';

const GROUP = 'workers';
/** More than a consumer of the scan holds. */
const COUNT = 1_200;

async function parked(backend: RabbitMQBackend, count: number): Promise<DeadLetters> {
  await Promise.all(Array.from({ length: count }, (_, n) => backend.publish(KEY, { n })));
  const subscription = backend.consume({ group: GROUP, ack: 'manual', prefetch: 200 });
  const parking: Promise<void>[] = [];
  for (let left = count; left > 0; left -= 1) parking.push((await receive(subscription)).deadLetter({ code: 'TEST' }));
  await Promise.all(parking);
  await subscription.close();
  return backend.deadLetters({ group: GROUP });
}

async function scanned(letters: DeadLetters, visit: (batch: DeadLetterBatch) => Promise<boolean>): Promise<void> {
  await letters.scan?.(visit);
}

const numberOf = ({ payload }: { payload?: object }): number => (payload as { n: number }).n;

async function remaining(letters: DeadLetters): Promise<number[]> {
  const { items } = await letters.list({ limit: COUNT + 1 });
  return items.map(numberOf).sort((a, b) => a - b);
}

describeWithBroker('rabbitmq', (broker) => {
  test('passes each dead letter once, removes chosen ones and keeps the others', async () => {
    const backend = freshBackend({ url: broker.url, prefix: freshPrefix(), groups: [GROUP] });
    const letters = await parked(backend, COUNT);
    const seen: number[] = [];
    const counts = { redriven: 0, purged: 0 };
    await scanned(letters, async ({ items, redrive, purge }) => {
      expect(items.length).toBeLessThanOrEqual(100);
      seen.push(...items.map(numberOf));
      const chosen = (rest: number): string[] =>
        items.filter((item) => numberOf(item) % 5 === rest).map(({ id }) => id);
      counts.redriven += await redrive(chosen(0));
      counts.purged += await purge(chosen(1));
      return true;
    });
    const all = Array.from({ length: COUNT }, (_, n) => n);
    expect(seen.sort((a, b) => a - b)).toEqual(all);
    expect(counts).toEqual({ redriven: COUNT / 5, purged: COUNT / 5 });
    expect(await remaining(letters)).toEqual(all.filter((n) => n % 5 > 1));
    const again = backend.consume({ group: GROUP });
    const handled: number[] = [];
    while (handled.length < COUNT / 5) handled.push(numberOf(await receive(again)));
    expect(handled.sort((a, b) => a - b)).toEqual(all.filter((n) => n % 5 === 0));
  });

  test('purges everything, and ends early if asked to', async () => {
    const backend = freshBackend({ url: broker.url, prefix: freshPrefix(), groups: [GROUP] });
    const letters = await parked(backend, COUNT);
    let batches = 0;
    await scanned(letters, async ({ items, purge }) => {
      batches += 1;
      await purge(items.map(({ id }) => id));
      return batches < 3;
    });
    expect(await remaining(letters)).toHaveLength(COUNT - 300);
    await scanned(letters, async ({ items, purge }) => (await purge(items.map(({ id }) => id))) > 0);
    expect(await remaining(letters)).toEqual([]);
  });

  test('an error of the visitor ends the scan, and nothing is lost', async () => {
    const backend = freshBackend({ url: broker.url, prefix: freshPrefix(), groups: [GROUP] });
    const letters = await parked(backend, 20);
    const visit = vi.fn(async () => Promise.reject(new TypeError('broken')));
    await expect(scanned(letters, visit)).rejects.toThrow('broken');
    expect(visit).toHaveBeenCalledOnce();
    expect(await remaining(letters)).toHaveLength(20);
  });

  test('a scan lets a list go first, and passes no dead letter again', async () => {
    const backend = freshBackend({ url: broker.url, prefix: freshPrefix(), groups: [GROUP] });
    const letters = await parked(backend, 300);
    const seen: number[] = [];
    const lists: [left: number, listed: Promise<number[]>][] = [];
    let left = 300;
    await scanned(letters, async ({ items, purge }) => {
      seen.push(...items.map(numberOf));
      left -= await purge(items.filter((item) => numberOf(item) % 2 === 0).map(({ id }) => id));
      lists.push([left, remaining(letters)]);
      return true;
    });
    expect([seen.length, new Set(seen).size, left]).toEqual([300, 300, 150]);
    for (const [expected, listed] of lists) expect(await listed).toHaveLength(expected);
  });

  test('two processes that read at the same time both see every dead letter', async () => {
    const prefix = freshPrefix();
    const first = freshBackend({ url: broker.url, prefix, groups: [GROUP], retryDelayMs: 20 });
    const letters = await parked(first, 120);
    const other = freshBackend({ url: broker.url, prefix, groups: [GROUP], retryDelayMs: 20 });
    await other.health();
    const counts: number[] = [];
    const read = async (from: DeadLetters): Promise<void> => {
      for (let round = 0; round < 6; round += 1) counts.push((await remaining(from)).length);
    };
    await Promise.all([read(letters), read(other.deadLetters({ group: GROUP }))]);
    expect(counts).toEqual(Array(12).fill(120));
    let shown: unknown;
    let listed: Promise<number[]> | undefined;
    await scanned(letters, async () => {
      listed ??= remaining(other.deadLetters({ group: GROUP }));
      // The list has asked RabbitMQ when a later request is answered.
      await Promise.race([listed, (async () => [await other.health(), await other.health()])()]);
      shown = (await other.health()).groups?.find(({ key }) => key === '*')?.deadLetters;
      return false;
    });
    expect(shown).toBe(120);
    expect(await listed).toHaveLength(120);
  });

  test('a cursor of another form is refused', async () => {
    const letters = freshBackend({ url: broker.url, groups: [GROUP] }).deadLetters({ group: GROUP });
    await expect(letters.list({ cursor: 'garbage' })).rejects.toMatchObject({ code: 'ERR_QUEUE_CONFIG' });
  });

  test('a lost channel loses no dead letter and redrives none twice', async () => {
    const { port, username, password, pathname } = new URL(broker.url);
    const proxy = await createFaultProxy({ target: { port: Number(port) } });
    onTestFinished(() => proxy.close());
    const url = `amqp://${username}:${password}@127.0.0.1:${proxy.port}${pathname}`;
    const backend = freshBackend({ url, prefix: freshPrefix(), groups: [GROUP] });
    const letters = await parked(backend, 300);
    const seen: number[] = [];
    let redriven = 0;
    await scanned(letters, async ({ items, redrive }) => {
      seen.push(...items.map(numberOf));
      redriven += await redrive(items.filter((item) => numberOf(item) % 2 === 0).map(({ id }) => id));
      // The acks of this batch go to a lost connection.
      if (seen.length === 100) proxy.reset();
      return true;
    });
    expect([seen.length, new Set(seen).size, redriven]).toEqual([300, 300, 150]);
    expect(await remaining(letters)).toEqual(Array.from({ length: 150 }, (_, index) => 2 * index + 1));
    const again = backend.consume({ group: GROUP });
    const handled = new Set<number>();
    for (let left = 150; left > 0; left -= 1) handled.add(numberOf(await receive(again)));
    expect(handled.size).toBe(150);
    await expect.poll(async () => (await backend.health()).detail['lag'] ?? 0).toBe(0);
  });
});
