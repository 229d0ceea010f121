import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { Redis } from 'ioredis';
import { afterAll, expect, test } from 'vitest';
import { freshBackend, freshPrefix, KEY, publish, receive } from './fresh-backend.ts';

describeWithBroker('redis', (broker) => {
  const admin = new Redis(broker.url);
  afterAll(() => admin.disconnect());

  test('lists, redrives and purges entries that another program added to the dead letters', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ url: broker.url, prefix, groups: ['workers'] });
    const dead = `{${prefix}${KEY}}:dead:workers`;
    const id = await admin.xadd(dead, '*', 'data', '{"from":"elsewhere"}');
    await admin.xadd(dead, '*', 'slack-mcp-dead-letter', 'no JSON', 'data', '{"n":1}');
    await admin.xadd(dead, '*', 'slack-mcp-dead-letter', 'null');
    await admin.xadd(dead, '*', 'slack-mcp-dead-letter', '{"id":7}', 'temperature', '21');
    const letters = backend.deadLetters({ group: 'workers' });
    const { items } = await letters.list();
    expect(items.map(({ payload, headers, reason }) => [payload, headers, reason.code])).toEqual([
      [{ from: 'elsewhere' }, {}, 'FOREIGN'],
      [{ n: 1 }, {}, 'FOREIGN'],
      [undefined, {}, 'FOREIGN'],
      [undefined, { temperature: '21' }, 'FOREIGN'],
    ]);
    expect(items[0]).toMatchObject({ messageId: id, retryCount: 0, deadLetteredAt: Number.parseInt(String(id), 10) });
    expect(await letters.purge([items[2]?.id as string])).toBe(1);
    expect(await letters.redrive('all')).toBe(3);
    const subscription = backend.consume({ group: 'workers' });
    expect((await receive(subscription)).payload).toEqual({ from: 'elsewhere' });
    expect((await receive(subscription)).payload).toEqual({ n: 1 });
  });

  test('decodes a payload after a byte order mark, also among the dead letters', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ url: broker.url, prefix });
    await admin.xadd(`${prefix}${KEY}`, '*', 'data', '\ufeff{"n":1}');
    const message = await receive(backend.consume({ group: 'workers', ack: 'manual' }));
    expect(message.payload).toEqual({ n: 1 });
    await message.deadLetter({ code: 'TEST' });
    const { items } = await backend.deadLetters({ group: 'workers' }).list();
    expect(items.map(({ payload, raw }) => [payload, raw])).toEqual([[{ n: 1 }, undefined]]);
  });

  test('keeps all fields of an entry with more than a script can pass, parked, redriven and parked again', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ url: broker.url, prefix });
    const stream = `${prefix}${KEY}`;
    const names = Array.from({ length: 5_000 }, (_, index) => `field-${index}`);
    const data = Buffer.from([0xff, 0x3a, 0xfe]);
    await admin.xadd(stream, '*', ...names.flatMap((name) => [name, `ä:${name}`]), 'data', data);
    await publish(backend, [1]);
    const subscription = backend.consume({ group: 'workers' });
    expect((await receive(subscription)).payload).toEqual({ n: 1 });
    const letters = backend.deadLetters({ group: 'workers' });
    for (const round of [1, 2]) {
      const { items } = await letters.list();
      expect(items, `round ${round}`).toHaveLength(1);
      expect(items[0]?.headers).toEqual(Object.fromEntries(names.map((name) => [name, `ä:${name}`])));
      expect(Buffer.from(items[0]?.raw ?? [])).toEqual(data);
      if (round === 2) break;
      expect(await letters.redrive('all')).toBe(1);
      await publish(backend, [2]);
      expect((await receive(subscription)).payload).toEqual({ n: 2 });
      await expect.poll(async () => (await letters.list()).items.length, { timeout: 30_000 }).toBe(1);
    }
  });
});
