import { startKafka } from '@slack-mcp/brokers';
import { describeWithBroker, describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { expect, test } from 'vitest';
import { freshBackend, KEY, numbersOf, receiveMany } from './fresh-backend.ts';

const timeoutMs = 20_000;

describeWithOwnBroker(
  'kafka that requires a client certificate',
  () => startKafka({ tls: 'client-certificate' }),
  ({ url, certificates }) => {
    const brokers = [url];
    const { ca = '', client = { certificate: '', key: '' } } = certificates ?? {};

    test('serves a client with a certificate that trusts its CA', async () => {
      const backend = freshBackend({ brokers, tlsCa: ca, tlsCert: client.certificate, tlsKey: client.key });
      await backend.publish(KEY, { n: 1 });
      expect(numbersOf(await receiveMany(backend.consume({ group: 'workers', keys: KEY }), 1))).toEqual([1]);
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
