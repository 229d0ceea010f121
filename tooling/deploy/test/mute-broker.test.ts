import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { binOf, startSource } from '../../test-support/src/start-command.ts';
import { signedEvent } from '../src/signed-event.ts';

const SECRET = 'mute-broker-signing-secret';

/** Accepts connections and never answers. Resolves to its address. */
async function startMuteBroker(onFinished: (end: () => void) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const broker = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).resume();
  });
  onFinished(() => {
    for (const socket of sockets) socket.destroy();
    broker.close();
  });
  broker.listen(0, '127.0.0.1');
  await once(broker, 'listening');
  return `127.0.0.1:${(broker.address() as AddressInfo).port}`;
}

const BROKERS: [backend: string, env: (address: string) => Record<string, string>][] = [
  ['redis', (address) => ({ REDIS_URL: `redis://${address}` })],
  ['rabbitmq', (address) => ({ RABBITMQ_URL: `amqp://${address}` })],
  ['kafka', (address) => ({ KAFKA_BOOTSTRAP_SERVERS: address })],
];

test.concurrent.for(BROKERS)(
  'a server whose %s accepts connections and never answers is alive, not ready, refuses events and ends with 0',
  { timeout: 180_000 },
  async ([backend, env], { onTestFinished }) => {
    const server = startSource(binOf('server', 'slack-webhook-server'), [], {
      env: {
        ...env(await startMuteBroker(onTestFinished)),
        PORT: '0',
        QUEUE_BACKEND: backend,
        QUEUE_GROUPS: 'bot',
        SLACK_SIGNING_SECRET: SECRET,
      },
      cwd: new URL('..', import.meta.url).pathname,
    });
    onTestFinished(() => void server.process.kill('SIGKILL'));
    const { address } = await server.line((entry) => entry['message'] === 'server_listening');
    const { body, headers } = signedEvent(SECRET, 'Ev1');
    const refused = await fetch(`${address}/slack/events`, { method: 'POST', body, headers });
    expect([refused.status, await refused.json()]).toMatchObject([503, { error: { code: 'queue_unavailable' } }]);
    expect(refused.headers.get('x-slack-no-retry')).toBeNull();
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    expect((await fetch(`${address}/readyz`)).status).toBe(503);
    expect(await server.stop()).toBe(0);
  },
);
