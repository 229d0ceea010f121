import { readFileSync } from 'node:fs';
import { startRabbitMQ } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { expect, test } from 'vitest';
import { RabbitMQBackend } from '../src/index.ts';
import { freshBackend, freshPrefix, KEY, receive } from './fresh-backend.ts';

describeWithOwnBroker(
  'a RabbitMQ that requires client certificates',
  () => startRabbitMQ({ tls: 'mutual' }),
  (broker) => {
    const files = broker.certificates as NonNullable<typeof broker.certificates>;
    const url = `amqps://localhost:${broker.port}`;

    test('connects with its CA and a client certificate, by file or by text', async () => {
      const byFile = { tlsCa: files.ca, tlsCert: files.client.certificate, tlsKey: files.client.key };
      const byText = Object.fromEntries(
        Object.entries(byFile).map(([name, file]) => [name, readFileSync(file, 'utf8')]),
      ) as typeof byFile;
      for (const tls of [byFile, byText]) {
        const backend = freshBackend({ url, groups: ['workers'], ...tls });
        await backend.publish(KEY, { n: 1 });
        expect((await receive(backend.consume({ group: 'workers' }))).payload).toEqual({ n: 1 });
      }
    });

    test('reads the certificates from the environment', async () => {
      await using backend = RabbitMQBackend.fromEnv({
        RABBITMQ_URL: url,
        RABBITMQ_PREFIX: freshPrefix(),
        RABBITMQ_TLS_CA: files.ca,
        RABBITMQ_TLS_CERT: files.client.certificate,
        RABBITMQ_TLS_KEY: files.client.key,
        QUEUE_GROUPS: 'workers',
      });
      await backend.publish(KEY, { n: 1 });
    });

    test('reports a server certificate that is not trusted', async () => {
      const backend = freshBackend({ url, tlsCert: files.client.certificate, tlsKey: files.client.key });
      await expect(backend.publish(KEY, {}, { timeoutMs: 5_000 })).rejects.toMatchObject({
        code: 'ERR_QUEUE_TLS',
        retryable: false,
        message: expect.stringMatching(/is not trusted .*set RABBITMQ_TLS_CA/),
      });
    });
  },
);

describeWithOwnBroker('RabbitMQ with several hosts', startRabbitMQ, (broker) => {
  const own = { host: '127.0.0.1', port: broker.port };

  test('tries the hosts in turn', async () => {
    const hosts = [{ host: '127.0.0.1', port: 1 }, own];
    const backend = freshBackend({ hosts, groups: ['workers'] });
    await backend.publish(KEY, { n: 1 });
    expect((await receive(backend.consume({ group: 'workers' }))).payload).toEqual({ n: 1 });
  });

  test('uses the virtual host of the URL or of the option', async () => {
    await broker.createVirtualHost('a/b c');
    const options = { groups: ['workers'], prefix: freshPrefix() };
    const byUrl = freshBackend({ ...options, url: `amqp://127.0.0.1:${broker.port}/a%2Fb%20c` });
    await byUrl.publish(KEY, { n: 1 });
    const byOption = freshBackend({ ...options, url: `amqp://127.0.0.1:${broker.port}`, vhost: 'a/b c' });
    expect((await receive(byOption.consume({ group: 'workers' }))).payload).toEqual({ n: 1 });
  });

  test('asks for the password each time it connects', async () => {
    await broker.management.createUser('rotating', 'first', '/', { configure: '.*', write: '.*', read: '.*' });
    let password = 'first';
    const backend = freshBackend({
      url: `amqp://rotating@127.0.0.1:${broker.port}`,
      password: async () => password,
      groups: ['workers'],
    });
    await backend.publish(KEY, { n: 1 });
    await broker.management.createUser('rotating', 'second', '/', { configure: '.*', write: '.*', read: '.*' });
    password = 'second';
    await broker.management.closeConnections('/');
    await backend.publish(KEY, { n: 2 });
  });
});

describeWithOwnBroker(
  'a RabbitMQ with a short consumer timeout',
  () =>
    startRabbitMQ({
      configuration: ['consumer_timeout = 1500'],
      advanced: ['{rabbit, [{channel_tick_interval, 500}, {quorum_tick_interval, 500}]}'],
    }),
  (broker) => {
    test('delivers a message again that is in flight for too long, and continues', async () => {
      const backend = freshBackend({ url: broker.url, groups: ['workers'], retryDelayMs: 10 });
      await backend.publish(KEY, { n: 1 });
      const subscription = backend.consume({ group: 'workers', ack: 'manual' });
      const slow = await receive(subscription);
      const again = await receive(subscription);
      expect(again.metadata.messageId).toBe(slow.metadata.messageId);
      expect(slow.signal.aborted).toBe(true);
      await expect(slow.ack()).rejects.toMatchObject({ code: 'ERR_QUEUE_LEASE_LOST' });
      await again.ack();
      await backend.publish(KEY, { n: 2 });
      expect((await receive(subscription)).payload).toEqual({ n: 2 });
    });
  },
);
