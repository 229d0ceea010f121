import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createNetServer, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { startRedis } from '@slack-mcp/brokers';
import { describeWithBroker, describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { type QueueError, type QueueErrorCode, silentLogger } from '@slack-mcp/core';
import { Redis } from 'ioredis';
import { afterAll, expect, test, vi } from 'vitest';
import type { RedisBackendOptions } from '../src/index.ts';
import { freshBackend, freshPrefix, KEY } from './fresh-backend.ts';

interface Expected {
  readonly code: QueueErrorCode;
  /** The error code of publishing, if it differs. */
  readonly publishing?: QueueErrorCode;
  readonly retryable: boolean;
  readonly says: RegExp;
}

/** Checks the error and all its causes. */
function expectNoSecret(error: unknown): void {
  expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toMatch(/hunter2|payload-text/);
}

/** Every operation must report the failure in the same way, without a secret. */
async function expectRefusal(
  options: RedisBackendOptions,
  { code, publishing = code, retryable, says }: Expected,
): Promise<void> {
  const backend = freshBackend({ retryDelayMs: 10, responseTimeoutMs: 500, ...options });
  const error = await backend.publish(KEY, { secret: 'payload-text' }, { timeoutMs: 1_000 }).then(
    () => undefined,
    (reason: QueueError) => reason,
  );
  expect(error).toMatchObject({ code: publishing, retryable });
  expect(error?.message).toMatch(says);
  expectNoSecret(error);
  const listing = await backend
    .deadLetters({ group: 'workers' })
    .list()
    .catch((reason: QueueError) => reason);
  expect(listing).toMatchObject({ code, retryable });
  expectNoSecret(listing);
  const health = await backend.health();
  expect(health.status).toBe('down');
  expect(JSON.stringify(health)).not.toContain('hunter2');
  if (retryable) return;
  for (const group of ['workers', undefined]) {
    const subscription = backend.consume({ ...(group === undefined ? {} : { group }) });
    await expect(subscription.ready).rejects.toMatchObject({ code });
    await expect(subscription.next()).rejects.toMatchObject({ code });
  }
}

describeWithOwnBroker(
  'a redis with passwords',
  () => startRedis({ password: 'right', users: ['reader on >hunter2 ~* &* +@read +ping +info'] }),
  (broker) => {
    const host = `127.0.0.1:${broker.port}`;
    const refused: Expected = {
      code: 'ERR_QUEUE_AUTH',
      retryable: false,
      says: /refuses the credentials.*REDIS_PASSWORD/,
    };

    test('refuses a wrong password', () => expectRefusal({ url: `redis://:hunter2@${host}` }, refused));
    test('refuses an unknown user', () => expectRefusal({ url: `redis://unknown:hunter2@${host}` }, refused));
    test('refuses to serve without a password', () => expectRefusal({ url: `redis://${host}` }, refused));

    test('refuses a wrong password in a cluster', () =>
      expectRefusal({ cluster: [{ host: '127.0.0.1', port: broker.port }], password: 'hunter2' }, refused));

    test('refuses a wrong password of sentinels', () =>
      expectRefusal(
        { sentinels: [{ host: '127.0.0.1', port: broker.port }], sentinelPassword: 'hunter2' },
        { ...refused, says: /REDIS_SENTINEL_PASSWORD/ },
      ));

    test('refuses commands that the user has no permission for', async () => {
      const backend = freshBackend({ url: `redis://reader:hunter2@${host}` });
      const refusal = { code: 'ERR_QUEUE_AUTH', retryable: false, message: expect.stringContaining('permission') };
      await expect(backend.publish(KEY, {})).rejects.toMatchObject(refusal);
      await expect(backend.consume({ group: 'workers' }).ready).rejects.toMatchObject(refusal);
    });
  },
);

describeWithOwnBroker(
  'a redis with TLS',
  () => startRedis({ tls: true }),
  (broker) => {
    test('refuses a client without TLS', () =>
      expectRefusal(
        { url: `redis://127.0.0.1:${broker.port}` },
        {
          code: 'ERR_QUEUE_TLS',
          retryable: false,
          says: /the server requires TLS.*use rediss:\/\/ or set REDIS_TLS=true/,
        },
      ));

    test('is refused without its CA certificate', () =>
      expectRefusal(
        { url: broker.url },
        { code: 'ERR_QUEUE_TLS', retryable: false, says: /certificate is not trusted.*REDIS_TLS_CA/ },
      ));
  },
);

describeWithBroker('redis', (broker) => {
  test('refuses TLS when the server does not speak it', () =>
    expectRefusal(
      { url: broker.url.replace('redis:', 'rediss:') },
      { code: 'ERR_QUEUE_TLS', retryable: false, says: /the server does not speak TLS; use redis:/ },
    ));

  test('detects a server without TLS long before the handshake times out', async () => {
    const url = broker.url.replace('redis:', 'rediss:');
    const backend = freshBackend({ url, responseTimeoutMs: 60_000 });
    await expect(backend.publish(KEY, {}, { timeoutMs: 30_000 })).rejects.toMatchObject({ code: 'ERR_QUEUE_TLS' });
  });

  test('detects a server without TLS in every health check', async () => {
    const backend = freshBackend({ url: broker.url.replace('redis:', 'rediss:') });
    for (let look = 0; look < 3; look += 1) {
      expect(await backend.health()).toMatchObject({ status: 'down', detail: { code: 'ERR_QUEUE_TLS' } });
    }
  });

  test('refuses a database that it does not have', () =>
    expectRefusal(
      { url: `${broker.url}/9999` },
      { code: 'ERR_QUEUE_CONFIG', retryable: false, says: /no such database/ },
    ));

  test('is distinguished from a cluster', () =>
    expectRefusal(
      { cluster: true, url: broker.url },
      { code: 'ERR_QUEUE_CONFIG', retryable: false, says: /not a node of a cluster; unset REDIS_CLUSTER/ },
    ));

  test('reports a topology conflict for a key that holds another type, and leaves the key unchanged', async () => {
    const admin = new Redis(broker.url);
    const prefix = freshPrefix();
    await admin.set(`${prefix}${KEY}`, 'another program’s');
    const backend = freshBackend({ url: broker.url, prefix, groups: ['workers'] });
    const refusal = { code: 'ERR_QUEUE_TOPOLOGY', retryable: false, message: expect.stringContaining('not a stream') };
    await expect(backend.publish(KEY, {}, { messageId: 'Ev1' })).rejects.toMatchObject(refusal);
    for (const options of [{ group: 'workers' }, {}]) {
      const subscription = backend.consume(options);
      await expect(subscription.ready).rejects.toMatchObject(refusal);
      await expect(subscription.next()).rejects.toMatchObject(refusal);
    }
    expect(await admin.get(`${prefix}${KEY}`)).toBe('another program’s');
    // The refused message must not count as published.
    await admin.del(`${prefix}${KEY}`);
    await backend.publish(KEY, {}, { messageId: 'Ev1' });
    expect(await admin.xlen(`${prefix}${KEY}`)).toBe(1);
    admin.disconnect();
  });
});

describeWithOwnBroker(
  'a redis with little memory',
  () => startRedis({ maxmemory: '4mb' }),
  (broker) => {
    test('refuses messages when it is full, keeps those it stored, and continues once there is room', async () => {
      const backend = freshBackend({ url: broker.url, groups: ['workers'] });
      const text = 'x'.repeat(50_000);
      let stored = 0;
      let refusal: unknown;
      while (refusal === undefined) {
        await backend.publish(KEY, { text }).then(
          () => {
            stored += 1;
          },
          (error: unknown) => {
            refusal = error;
          },
        );
      }
      expect(refusal).toMatchObject({ code: 'ERR_QUEUE_PUBLISH', retryable: true });
      expect(String(refusal)).toMatch(/Redis has reached its memory limit.*maxmemory/);
      const admin = new Redis(broker.url);
      await admin.config('SET', 'maxmemory', '64mb');
      await backend.publish(KEY, { text });
      const messages: unknown[] = [];
      for await (const message of backend.consume({ group: 'workers' })) {
        messages.push(message);
        if (messages.length === stored + 1) break;
      }
      admin.disconnect();
    });
  },
);

const closing: { close(): void }[] = [];
afterAll(() => {
  for (const server of closing) server.close();
});

test('reports a protocol error for a port that speaks HTTP', async () => {
  const server: Server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
  closing.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await expectRefusal(
    { url: `redis://127.0.0.1:${port}` },
    { code: 'ERR_QUEUE_PROTOCOL', retryable: false, says: /does not speak the Redis protocol/ },
  );
});

const unresolved = [{ host: 'no-such-host.invalid', port: 6379 }];

test.each<RedisBackendOptions>([
  { url: 'redis://:hunter2@no-such-host.invalid:6379' },
  { cluster: unresolved, password: 'hunter2' },
  { sentinels: unresolved, sentinelPassword: 'hunter2' },
])('reports a retryable error for a host name that does not resolve: %j', (options) =>
  expectRefusal(options, {
    code: 'ERR_QUEUE_HOST_NOT_FOUND',
    retryable: true,
    says: /no-such-host\.invalid:6379: the host name does not resolve/,
  }),
);

const unserved = [
  { host: '127.0.0.1', port: 1 },
  { host: '127.0.0.1', port: 2 },
];

test.each<RedisBackendOptions>([
  { url: 'redis://:hunter2@127.0.0.1:1' },
  { cluster: unserved, password: 'hunter2' },
  { sentinels: unserved, sentinelPassword: 'hunter2' },
])('reports a retryable error for a port that refuses connections: %j', (options) =>
  expectRefusal(options, { code: 'ERR_QUEUE_CONNECTION_REFUSED', retryable: true, says: /ECONNREFUSED/ }),
);

test('reports sentinels that do not know the master', async () => {
  const host = await serve((socket) => socket.on('data', () => socket.write('*-1\r\n')));
  const sentinels = [{ host: '127.0.0.1', port: Number(host.split(':')[1]) }];
  await expectRefusal({ sentinels }, { code: 'ERR_QUEUE_CONNECTION', retryable: true, says: /REDIS_SENTINEL_NAME/ });
});

/** Starts a server that calls `connected` with every connection. */
async function serve(connected: (socket: Socket) => void): Promise<string> {
  const server = createNetServer((socket) => {
    socket.on('error', () => {});
    connected(socket);
  }).listen(0, '127.0.0.1');
  closing.push(server);
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each(['end', 'resetAndDestroy'] as const)(
  'does not suggest TLS for a port that closes the connection (%s)',
  async (hangUp) => {
    const host = await serve((socket) => socket[hangUp]());
    await expectRefusal(
      { url: `redis://${host}` },
      { code: 'ERR_QUEUE_CONNECTION', retryable: true, says: /is Redis up and reachable/ },
    );
  },
);

test('removes quoted arguments from an error', async () => {
  const quote = "-ERR unknown command 'auth', with args beginning with: 'hunter2' \r\n";
  const host = await serve((socket) => socket.on('data', () => socket.write(quote)));
  await expectRefusal(
    { url: `redis://:hunter2@${host}` },
    {
      code: 'ERR_QUEUE_CONSUME',
      publishing: 'ERR_QUEUE_PUBLISH',
      retryable: false,
      says: /unknown command 'auth'$/,
    },
  );
});

test('logs why there is no connection and what to do', async () => {
  const host = await serve((socket) => socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
  const warn = vi.fn<(fields: object | string, event?: string) => void>();
  const backend = freshBackend({ url: `redis://:hunter2@${host}`, logger: { ...silentLogger, warn } });
  await expect(backend.publish(KEY, {})).rejects.toMatchObject({ code: 'ERR_QUEUE_PROTOCOL' });
  await vi.waitFor(() => expect(warn).toHaveBeenCalled(), 20_000);
  expect(warn.mock.calls[0]).toEqual([
    expect.objectContaining({
      endpoint: `redis://${host}`,
      code: 'ERR_QUEUE_PROTOCOL',
      reason: expect.stringMatching(/check host and port/),
    }),
    'queue_connection_lost',
  ]);
  expect(JSON.stringify(warn.mock.calls)).not.toContain('hunter2');
});
