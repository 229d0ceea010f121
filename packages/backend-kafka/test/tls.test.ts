import { readFile } from 'node:fs/promises';
import { startKafka } from '@slack-mcp/brokers';
import { describeWithBroker, describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { expect, test } from 'vitest';
import { Connection } from '../src/driver/index.ts';
import { toQueueError } from '../src/kafka-error.ts';
import { createCuttingProxy } from './cutting-proxy.ts';
import { freshBackend, KEY, numbersOf, receiveMany } from './fresh-backend.ts';

const timeoutMs = 20_000;

describeWithOwnBroker(
  'kafka that requires a client certificate',
  () => startKafka({ tls: 'client-certificate' }),
  (broker) => {
    const { url, certificates } = broker;
    const brokers = [url];
    const address = { host: '127.0.0.1', port: broker.port };
    const { ca = '', client = { certificate: '', key: '' } } = certificates ?? {};

    test('serves a client with a certificate that trusts its CA', async () => {
      const backend = freshBackend({ brokers, tlsCa: ca, tlsCert: client.certificate, tlsKey: client.key });
      await backend.publish(KEY, { n: 1 });
      expect(numbersOf(await receiveMany(backend.consume({ group: 'workers', keys: KEY }), 1))).toEqual([1]);
    });

    test.for(
      [1, 4, 60, 130, 400, 700, 1_100].flatMap((bytes) =>
        (['close', 'reset', 'silent'] as const).map((how) => ({ bytes, how })),
      ),
    )('a handshake that ends after $bytes bytes ($how) can be repeated', async ({ bytes, how }) => {
      const proxy = await createCuttingProxy(address);
      proxy.answers = { bytes, how };
      const ssl = { ca: await readFile(ca), cert: await readFile(client.certificate), key: await readFile(client.key) };
      // Only silence has to last until the client gives up. On a busy machine, a handshake takes its time.
      const requestTimeoutMs = how === 'silent' ? 1_500 : 20_000;
      const settings = { clientId: 'test', ssl, sasl: undefined, requestTimeoutMs };
      const connection = new Connection({ host: '127.0.0.1', port: proxy.port }, settings, () => {});
      const error: unknown = await connection.open().catch((cause: unknown) => cause);
      expect(proxy.cuts).toBeGreaterThan(0);
      expect(toQueueError(error, 'connecting', url)).toMatchObject({ code: 'ERR_QUEUE_CONNECTION', retryable: true });
    });

    test('names the settings that a client without TLS needs', async () => {
      const publishing = freshBackend({ brokers }).publish(KEY, {}, { timeoutMs });
      await expect(publishing).rejects.toMatchObject({
        code: 'ERR_QUEUE_TLS',
        message: expect.stringContaining('set KAFKA_TLS=true'),
      });
    });

    test('names the setting that a client without the CA needs', async () => {
      const { certificate, key } = client;
      const publishing = freshBackend({ brokers, tls: true, tlsCert: certificate, tlsKey: key }).publish(
        KEY,
        {},
        { timeoutMs },
      );
      await expect(publishing).rejects.toMatchObject({
        code: 'ERR_QUEUE_TLS',
        message: expect.stringContaining('set KAFKA_TLS_CA'),
      });
    });
  },
);

describeWithBroker('kafka', ({ url }) => {
  test('says that a broker does not speak TLS', async () => {
    const publishing = freshBackend({ brokers: url.split(','), tls: true }).publish(KEY, {}, { timeoutMs });
    await expect(publishing).rejects.toMatchObject({
      code: 'ERR_QUEUE_TLS',
      message: expect.stringContaining('set KAFKA_TLS=false'),
    });
  });
});
