import { execFileSync } from 'node:child_process';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { Redis } from 'ioredis';
import { afterAll, expect, test } from 'vitest';
import { freshBackend, freshPrefix, KEY, publish, receive } from './fresh-backend.ts';

describeWithBroker('redis', (broker) => {
  const admin = new Redis(broker.url);
  afterAll(() => admin.disconnect());

  test('stores the payload’s own bytes, and metadata in separate fields', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ url: broker.url, prefix });
    const payload = { text: 'Grüße 👋 "quoted"', nested: [1, { a: null }] };
    const headers = { 'x-slack-retry-num': '1' };
    await backend.publish(KEY, payload, { messageId: 'Ev1', orderingKey: 'C1', headers });
    const cli = (...args: string[]): string =>
      execFileSync('redis-cli', ['-u', broker.url, '--json', ...args], { encoding: 'utf8' });
    const [[, fields]] = JSON.parse(cli('XRANGE', `${prefix}${KEY}`, '-', '+')) as [[string, string[]]];
    const timestamp = fields[5];
    expect(fields).toEqual([
      ...['data', JSON.stringify(payload), 'slack-mcp-message-id', 'Ev1', 'slack-mcp-timestamp', timestamp],
      ...['slack-mcp-ordering-key', 'C1', 'header.x-slack-retry-num', '1'],
    ]);
    expect(Math.abs(Number(timestamp) - Date.now())).toBeLessThan(60_000);
  });

  test('publishes with a fraction of a millisecond left', async () => {
    const prefix = freshPrefix();
    await freshBackend({ url: broker.url, prefix }).publish(KEY, { n: 1 }, { timeoutMs: 2_500.25 });
    expect(await admin.xlen(`${prefix}${KEY}`)).toBe(1);
  });

  test('delivers an entry that another program stored with the field `data` alone', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ url: broker.url, prefix });
    const id = await admin.xadd(`${prefix}${KEY}`, '*', 'data', '{"from":"python"}');
    const message = await receive(backend.consume({ group: 'workers' }));
    expect(message.payload).toEqual({ from: 'python' });
    expect(message.metadata).toMatchObject({ messageId: id, retryCount: 0, headers: {} });
  });

  test('parks invalid entries of other programs with their raw fields and continues', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ url: broker.url, prefix });
    const stream = `${prefix}${KEY}`;
    await admin.xadd(stream, '*', 'temperature', '21', 'unit', 'C');
    await admin.xadd(stream, '*', 'data', 'plain text', 'source', 'cron');
    await admin.xadd(stream, '*', 'data', Buffer.from([0xff, 0xfe]));
    await publish(backend, [1]);
    expect((await receive(backend.consume({ group: 'workers' }))).payload).toEqual({ n: 1 });
    const { items } = await backend.deadLetters({ group: 'workers' }).list();
    expect(items.map(({ raw, headers, reason }) => [Buffer.from(raw ?? []), headers, reason.code])).toEqual([
      [Buffer.alloc(0), { temperature: '21', unit: 'C' }, 'UNDECODABLE'],
      [Buffer.from('plain text'), { source: 'cron' }, 'UNDECODABLE'],
      [Buffer.from([0xff, 0xfe]), {}, 'UNDECODABLE'],
    ]);
  });

  test('keeps the order of a text that contains a replacement character', async () => {
    const backend = freshBackend({ url: broker.url });
    for (const text of ['a', 'b\ufffd', 'c']) await backend.publish(KEY, { text });
    const subscription = backend.consume({ group: 'workers' });
    const texts: unknown[] = [];
    for (let index = 0; index < 3; index += 1) texts.push((await receive(subscription)).payload['text']);
    expect(texts).toEqual(['a', 'b\ufffd', 'c']);
  });

  test('keeps all names of a key in the slot of its stream', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ url: broker.url, prefix, groups: ['workers'] });
    await backend.publish(KEY, {}, { messageId: 'Ev1' });
    const subscription = backend.consume({ group: 'workers', ack: 'manual' });
    await (await receive(subscription)).nack({ delayMs: 3_600_000 });
    await publish(backend, [1]);
    await (await receive(subscription)).deadLetter({ code: 'TEST' });
    const keys = await admin.keys(`*${prefix}*`);
    expect(keys).toContain(`{${prefix}${KEY}}:dead:workers`);
    expect(keys).toContain(`{${prefix}${KEY}}:delayed:workers`);
    for (const key of keys) expect(key === `${prefix}${KEY}` || key.startsWith(`{${prefix}${KEY}}:`)).toBe(true);
  });
});
