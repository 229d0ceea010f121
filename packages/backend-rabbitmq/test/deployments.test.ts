import { readFileSync } from 'node:fs';
import { namespace, RabbitMQManagement, startRabbitMQ } from '@slack-mcp/brokers';
import { describeWithBroker, describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

    test('is trusted only with its CA, and requires a client certificate from it', async () => {
      const [ca, cert, key] = [files.ca, files.client.certificate, files.client.key].map((path) =>
        readFileSync(path),
      ) as [Buffer, Buffer, Buffer];
      await (await connect(url, { ca: [ca], cert, key })).close();
      await expect(connect(url)).rejects.toThrow(/certificate/);
      // The server refuses after the client has finished its part of the handshake.
      await expect(connect(url, { ca: [ca] })).rejects.toThrow(/certificate required|closed|ECONNRESET/);
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

describeWithBroker('rabbitmq', (broker) => {
  const { hostname, port } = new URL(broker.url);
  const own = { host: hostname, port: Number(port) };

  test('tries the hosts in turn', async () => {
    const { username, password } = new URL(broker.url);
    const hosts = [{ host: '127.0.0.1', port: 1 }, own];
    const backend = freshBackend({ hosts, username, password, groups: ['workers'] });
    await backend.publish(KEY, { n: 1 });
    expect((await receive(backend.consume({ group: 'workers' }))).payload).toEqual({ n: 1 });
  });

  describe.skipIf(broker.managementUrl === undefined)('in a virtual host', () => {
    const management = new RabbitMQManagement(broker.managementUrl as string);
    const vhost = `${namespace()}/b c`;
    beforeAll(() => management.createVirtualHost(vhost));
    afterAll(() => management.deleteVirtualHost(vhost));

    test('uses the virtual host of the URL or of the option', async () => {
      const options = { groups: ['workers'], prefix: freshPrefix() };
      const byUrl = freshBackend({ ...options, url: `${broker.url}/${encodeURIComponent(vhost)}` });
      await byUrl.publish(KEY, { n: 1 });
      const byOption = freshBackend({ ...options, url: broker.url, vhost });
      expect((await receive(byOption.consume({ group: 'workers' }))).payload).toEqual({ n: 1 });
    });

    test('asks for the password each time it connects', async () => {
      const user = namespace('rotating');
      const rights = { configure: '.*', write: '.*', read: '.*' };
      await management.createUser(user, 'first', vhost, rights);
      let password = 'first';
      const backend = freshBackend({
        url: `amqp://${user}@${hostname}:${port}`,
        vhost,
        password: async () => password,
        groups: ['workers'],
      });
      await backend.publish(KEY, { n: 1 });
      await management.createUser(user, 'second', vhost, rights);
      password = 'second';
      await management.closeConnections(vhost);
      await backend.publish(KEY, { n: 2 });
    });
  });
});
