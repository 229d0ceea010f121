import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { answers } from '../src/answers.ts';
import { type BrokerName, brokerNames } from '../src/broker.ts';
import { externalBroker } from '../src/external-broker.ts';
import { startRedis } from '../src/index.ts';
import { describeWithBroker, describeWithOwnBroker } from '../src/vitest.ts';

const variables: Record<BrokerName, string> = {
  redis: 'REDIS_URL',
  rabbitmq: 'RABBITMQ_URL',
  kafka: 'KAFKA_BOOTSTRAP_SERVERS',
};

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

for (const name of brokerNames) {
  describe(`an address of ${name}`, () => {
    describeWithBroker(name, ({ url }) => {
      test('is used for this broker only', async () => {
        const { hostname: host, port } = new URL(url.includes('://') ? url : `kafka://${url}`);
        const address = { host, port: Number(port), tls: false };
        const recognised = await Promise.all(brokerNames.map((other) => answers(other, address)));
        expect(brokerNames.filter((_, index) => recognised[index])).toEqual([name]);
        vi.stubEnv('BROKERS', '');
        vi.stubEnv(variables[name], url);
        expect(await externalBroker(name)).toMatchObject({ source: 'environment', url });
      });
    });
  });
}

describeWithOwnBroker(
  'an address of redis with TLS and a password',
  () => startRedis({ tls: true, password: 'geheim' }),
  ({ url }) => {
    test('is used', async () => {
      vi.stubEnv('BROKERS', '');
      vi.stubEnv('REDIS_URL', url);
      expect(await externalBroker('redis')).toMatchObject({ url });
    });
  },
);

describe('an address with another server', () => {
  async function listen(serve: (socket: Socket) => void): Promise<number> {
    const server = createServer((socket) => serve(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    return (server.address() as AddressInfo).port;
  }

  test.for([
    ['nothing', (): void => undefined],
    ['HTTP', (socket: Socket): void => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['its end', (socket: Socket): void => void socket.end()],
  ] as const)('that answers with %s is not recognised as a broker', async ([, serve]) => {
    const address = { host: '127.0.0.1', port: await listen(serve), tls: false };
    for (const name of brokerNames) expect(await answers(name, address, 500)).toBe(false);
  });

  test('is skipped with one line that does not show the password', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const port = await listen((socket) => void socket.end());
    vi.stubEnv('BROKERS', '');
    vi.stubEnv('REDIS_URL', `redis://:geheim@127.0.0.1:${port}`);
    expect(await externalBroker('redis')).toBeUndefined();
    expect(said.mock.calls).toEqual([
      [`[brokers] no redis answers at REDIS_URL (127.0.0.1:${port}); looking for another one\n`],
    ]);
  });
});
