import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { connect } from 'amqplib';
import { expect, onTestFinished, test } from 'vitest';
import { freshBackend, freshPrefix, KEY, receive } from './fresh-backend.ts';

describeWithBroker('rabbitmq', (broker) => {
  test('stores the payload as the body, and metadata as properties and headers', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ url: broker.url, prefix, groups: ['workers'] });
    const headers = { trace: 'a b', CC: 'not a routing key', 'x-death': 'mine', 'header.x': 'y' };
    await backend.publish(KEY, { text: 'é' }, { messageId: 'Ev1', headers, orderingKey: 'C1' });
    const connection = await connect(broker.url);
    onTestFinished(() => connection.close());
    const channel = await connection.createChannel();
    const message = await channel.get(`${prefix}workers:${KEY}`);
    if (message === false) throw new Error('the queue is empty');
    expect(message.content.toString()).toBe('{"text":"é"}');
    expect(message.fields).toMatchObject({ exchange: `${prefix}slack_events`, routingKey: KEY });
    expect(message.properties).toMatchObject({
      messageId: 'Ev1',
      contentType: 'application/json',
      deliveryMode: 2,
      headers: {
        trace: 'a b',
        'header.CC': 'not a routing key',
        'header.x-death': 'mine',
        'header.header.x': 'y',
        'slack-mcp-ordering-key': 'C1',
      },
    });
    const sent = Number(message.properties.headers?.['slack-mcp-timestamp']);
    expect(message.properties.timestamp).toBe(Math.floor(sent / 1_000));
    channel.nack(message);
    const { metadata } = await receive(backend.consume({ group: 'workers' }));
    expect(metadata).toMatchObject({ messageId: 'Ev1', headers, orderingKey: 'C1', timestamp: sent });
  });

  test('gives each message its own headers only', async () => {
    const backend = freshBackend({ url: broker.url, prefix: freshPrefix(), groups: ['workers'] });
    const published = Array.from({ length: 200 }, (_, index) => ({
      messageId: `Ev${index}`,
      headers: { always: String(index), [`only-${index % 90}`]: 'x', ...(index % 3 === 0 ? { CC: 'x' } : {}) },
      ...(index % 2 === 0 ? { orderingKey: `C${index}` } : {}),
    }));
    await Promise.all(published.map((options) => backend.publish(KEY, {}, options)));
    const received = new Map<string, unknown>();
    for await (const { metadata } of backend.consume({ group: 'workers' })) {
      const { messageId, headers, orderingKey } = metadata;
      received.set(messageId, { messageId, headers, ...(orderingKey === undefined ? {} : { orderingKey }) });
      if (received.size === published.length) break;
    }
    expect(published.map(({ messageId }) => received.get(messageId))).toEqual(published);
  });

  test('receives what another program publishes', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ url: broker.url, prefix });
    const subscription = backend.consume({ group: 'workers', ack: 'manual' });
    await subscription.ready;
    const connection = await connect(broker.url);
    onTestFinished(() => connection.close());
    const channel = await connection.createConfirmChannel();
    const options = { timestamp: 1_700_000_000, headers: { number: 7, list: [1], nothing: null } };
    channel.publish(`${prefix}slack_events`, KEY, Buffer.from('{"n":1}'), options);
    await channel.waitForConfirms();
    const first = await receive(subscription);
    expect(first.payload).toEqual({ n: 1 });
    expect(first.metadata).toMatchObject({
      key: KEY,
      timestamp: 1_700_000_000_000,
      headers: { number: '7', list: '[1]', nothing: '' },
    });
    await first.nack();
    const again = await receive(subscription);
    expect(again.metadata.messageId).toBe(first.metadata.messageId);
  });

  test('delivers a message once to patterns that overlap', async () => {
    const backend = freshBackend({ url: broker.url });
    const subscription = backend.consume({ group: 'workers', keys: ['slack.*', '*.message', 'slack.#', 'other'] });
    await subscription.ready;
    for (const [n, key] of ['slack.message', 'chat.message', 'slack.a.b', 'other'].entries()) {
      await backend.publish(key, { n });
    }
    const seen = new Set<unknown>();
    for (let count = 0; count < 4; count += 1) seen.add((await receive(subscription)).payload['n']);
    expect([...seen].sort()).toEqual([0, 1, 2, 3]);
    await expect(backend.publish('nobody', {})).rejects.toMatchObject({ code: 'ERR_QUEUE_UNROUTABLE' });
  });

  test('parks messages that expire', async () => {
    const backend = freshBackend({ url: broker.url, groups: ['workers'], messageTtlMs: 50 });
    await backend.publish(KEY, { n: 1 }, { messageId: 'Ev1' });
    const letters = backend.deadLetters({ group: 'workers' });
    await expect
      .poll(async () => (await letters.list()).items, { timeout: 20_000 })
      .toMatchObject([{ messageId: 'Ev1', key: KEY, payload: { n: 1 }, reason: { code: 'EXPIRED' }, retryCount: 0 }]);
    expect(await letters.purge('all')).toBe(1);
  });

  test('keeps classic queues if asked to', async () => {
    const backend = freshBackend({ url: broker.url, groups: ['workers'], queueType: 'classic' });
    await backend.publish(KEY, { n: 1 });
    const subscription = backend.consume({ group: 'workers', ack: 'manual' });
    await (await receive(subscription)).nack({ delayMs: 20 });
    const again = await receive(subscription);
    expect(again.metadata).toMatchObject({ retryCount: 1, deliveryCount: 2 });
    await again.deadLetter({ code: 'TEST' });
    expect((await backend.deadLetters({ group: 'workers' }).list()).items).toMatchObject([{ retryCount: 1 }]);
  });
});
