import { createFaultProxy, startRedis, startRedisCluster, startRedisSentinel, waitFor } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { silentLogger } from '@slack-mcp/core';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test, vi } from 'vitest';
import { RedisBackend } from '../src/index.ts';
import { freshBackend, freshPrefix, KEY, numbersOf, publish, range, receive, receiveMany } from './fresh-backend.ts';

describeWithOwnBroker(
  'redis with TLS',
  () => startRedis({ tls: true }),
  (broker) => {
    test('serves clients that trust its CA certificate', async () => {
      const backend = RedisBackend.fromEnv({ ...broker.env, QUEUE_GROUPS: 'workers' });
      await publish(backend, range(3));
      expect(numbersOf(await receiveMany(backend.consume({ group: 'workers' }), 3))).toEqual(range(3));
      expect((await backend.health()).status).toBe('up');
      await backend.close({ drainTimeoutMs: 0 });
    });
  },
);

describeWithOwnBroker(
  'redis that requires a client certificate',
  () => startRedis({ tls: true, clientCertificate: true }),
  (broker) => {
    const env = { ...broker.env, QUEUE_GROUPS: 'workers' };
    const { certificate = '', key = '' } = broker.clientFiles ?? {};

    test('serves a client with a certificate', async () => {
      const backend = RedisBackend.fromEnv({ ...env, REDIS_TLS_CERT: certificate, REDIS_TLS_KEY: key });
      await publish(backend, range(3));
      expect(numbersOf(await receiveMany(backend.consume({ group: 'workers' }), 3))).toEqual(range(3));
      await backend.close({ drainTimeoutMs: 0 });
    });

    test('names the settings that a client without a certificate needs', async () => {
      const backend = RedisBackend.fromEnv({ ...env, REDIS_TIMEOUT_MS: '3000' });
      await expect(backend.publish(KEY, {})).rejects.toMatchObject({
        code: 'ERR_QUEUE_TLS',
        message: expect.stringContaining('set REDIS_TLS_CERT and REDIS_TLS_KEY'),
      });
      await backend.close({ drainTimeoutMs: 0 });
    });
  },
);

describeWithOwnBroker(
  'redis with as many clients as it accepts',
  () => startRedis({ args: ['--maxclients', '1'] }),
  (broker) => {
    test('says why it refuses another one, and serves it once there is room', async () => {
      const first = new Redis(broker.url);
      onTestFinished(() => first.disconnect());
      await first.ping();
      const backend = freshBackend({ url: broker.url, retryDelayMs: 10, timeoutMs: 1_000 });
      await expect(backend.publish(KEY, {})).rejects.toMatchObject({
        code: 'ERR_QUEUE_CONNECTION',
        retryable: true,
        message: expect.stringContaining('raise maxclients'),
      });
      first.disconnect();
      await waitFor('a place', () =>
        backend.publish(KEY, {}).then(
          () => true,
          () => false,
        ),
      );
    });
  },
);

describeWithOwnBroker(
  'redis with a user without INFO',
  () => startRedis({ users: ['slack on >secret ~* &* +@all -info'] }),
  (broker) => {
    test('is degraded, because its memory and disk are not checked', async () => {
      const backend = freshBackend({ url: broker.url, username: 'slack', password: 'secret' });
      expect(await backend.health()).toMatchObject({
        status: 'degraded',
        detail: { problem: expect.stringContaining('grant it the command (+info)') },
      });
    });
  },
);

describeWithOwnBroker(
  'redis with a password that rotates',
  () => startRedis({ users: ['slack on >one ~* &* +@all'] }),
  (broker) => {
    test('asks a function for the current one, and continues its subscription', async () => {
      const admin = new Redis(broker.url);
      onTestFinished(() => admin.disconnect());
      let asked = 0;
      let current = 'one';
      const password = async (): Promise<string> => {
        asked += 1;
        return current;
      };
      const options = { url: broker.url, username: 'slack', password, groups: ['workers'], retryDelayMs: 10 };
      const backend = freshBackend(options);
      const subscription = backend.consume({ group: 'workers' });
      await publish(backend, [1]);
      expect((await receive(subscription)).payload).toEqual({ n: 1 });
      await admin.call('ACL', 'SETUSER', 'slack', 'resetpass', '>two');
      await admin.call('CLIENT', 'KILL', 'USER', 'slack');
      const waiting = publish(backend, [2]);
      const before = asked;
      await waitFor('a question for the new password', async () => asked > before + 1);
      current = 'two';
      await waiting;
      expect((await receive(subscription)).payload).toEqual({ n: 2 });
    });

    test('waits for a function that fails, and shows nothing of its error', async () => {
      let calls = 0;
      const password = (): string => {
        calls += 1;
        if (calls < 3) throw new Error('hunter2');
        return 'secret';
      };
      const admin = new Redis(broker.url);
      await admin.call('ACL', 'SETUSER', 'other', 'on', '>secret', '~*', '&*', '+@all');
      admin.disconnect();
      const warn = vi.fn();
      const options = { url: broker.url, username: 'other', password, retryDelayMs: 10 };
      await publish(freshBackend({ ...options, logger: { ...silentLogger, warn } }), [1]);
      expect(calls).toBeGreaterThanOrEqual(3);
      expect(JSON.stringify(warn.mock.calls)).not.toContain('hunter2');
    });
  },
);

describeWithOwnBroker(
  'redis far away',
  () => startRedis(),
  (broker) => {
    test('delivers from many keys as fast as from few', { timeout: 60_000 }, async () => {
      const proxy = await createFaultProxy({ target: broker });
      onTestFinished(() => proxy.close());
      proxy.delay(10);
      const url = `redis://127.0.0.1:${proxy.port}`;
      const medianOf = async (count: number): Promise<number> => {
        const keys = range(count).map((n) => `key-${n}`);
        const backend = freshBackend({ url, keys, groups: ['workers'], leaseMs: 3_000 });
        const subscription = backend.consume({ group: 'workers', ack: 'manual' });
        await subscription.ready;
        const times: number[] = [];
        for (let round = 0; round < 15; round += 1) {
          const start = performance.now();
          await backend.publish(keys[(round * 7) % count] as string, { n: round });
          await (await receive(subscription)).ack();
          times.push(performance.now() - start);
        }
        return times.toSorted((a, b) => a - b)[7] as number;
      };
      const few = await medianOf(5);
      const many = await medianOf(50);
      // One after the other, 50 keys take at least 45 more round trips of 20 ms.
      expect(many).toBeLessThan(few + 450);
    });
  },
);

describeWithOwnBroker(
  'redis with users and databases',
  () =>
    startRedis({
      password: 'admin',
      users: ['slack on >p@ss/word ~app:* ~{app:* +@all -@admin +client|id +client|unblock'],
    }),
  (broker) => {
    test('serves a user with access to one prefix, in another database', async () => {
      const env = {
        REDIS_URL: `redis://slack:p%40ss%2Fword@127.0.0.1:${broker.port}/3`,
        REDIS_PREFIX: 'app:',
        QUEUE_GROUPS: 'workers',
      };
      const backend = RedisBackend.fromEnv(env);
      await publish(backend, range(3));
      const subscription = backend.consume({ group: 'workers', ack: 'manual' });
      const [first] = await receiveMany(subscription, 3);
      await first?.deadLetter({ code: 'TEST' });
      expect(await backend.deadLetters({ group: 'workers' }).redrive('all')).toBe(1);
      expect(numbersOf(await receiveMany(subscription, 1))).toEqual([0]);
      const admin = new Redis(broker.env['REDIS_URL'] as string, { db: 3 });
      expect(await admin.xlen(`app:${KEY}`)).toBe(3);
      admin.disconnect();
      await backend.close({ drainTimeoutMs: 0 });
    });
  },
);

describeWithOwnBroker('redis with a sentinel', startRedisSentinel, (deployment) => {
  test('detects a sentinel in REDIS_URL', async () => {
    const { host, port } = deployment.sentinel;
    const backend = RedisBackend.fromEnv({ REDIS_URL: `redis://${host}:${port}`, QUEUE_GROUPS: 'workers' });
    const refusal = { code: 'ERR_QUEUE_CONFIG', retryable: false, message: expect.stringContaining('REDIS_SENTINELS') };
    await expect(backend.publish(KEY, {})).rejects.toMatchObject(refusal);
    await expect(backend.consume({ group: 'workers' }).ready).rejects.toMatchObject(refusal);
    await expect(backend.deadLetters({ group: 'workers' }).list()).rejects.toMatchObject(refusal);
    await backend.close({ drainTimeoutMs: 0 });
  });

  test('continues at the replica when the master dies, and delivers replicated messages', async () => {
    const { host, port } = deployment.sentinel;
    const env = {
      REDIS_SENTINELS: `${host}:${port}`,
      REDIS_SENTINEL_NAME: deployment.masterName,
      QUEUE_GROUPS: 'workers',
      REDIS_LEASE_MS: '2000',
    };
    const backend = RedisBackend.fromEnv(env);
    const subscription = backend.consume({ group: 'workers' });
    await subscription.ready;
    await publish(backend, range(20));
    const admin = new Redis(deployment.master.port);
    expect(await admin.wait(1, 10_000)).toBe(1);
    admin.disconnect();
    const seen = new Set(numbersOf(await receiveMany(subscription, 5)));
    await deployment.master.kill();
    await backend.publish(KEY, { n: 100 }, { messageId: 'after', timeoutMs: 60_000 });
    const missing = new Set([...range(20), 100].filter((n) => !seen.has(n)));
    while (missing.size > 0) missing.delete(numbersOf(await receiveMany(subscription, 1))[0] as number);
    expect(await deployment.masterPort()).toBe(deployment.replica.port);
    await backend.close({ drainTimeoutMs: 0 });
  });
});

describeWithOwnBroker(
  'a redis cluster',
  () => startRedisCluster({ replicas: true }),
  (deployment) => {
    const keys = ['a', 'b', 'c', 'd', 'e'];
    const nodes = deployment.masters.map(({ host, port }) => ({ host, port }));

    test('serves several keys over several nodes to one subscription, with dead letters and redrive', async () => {
      const backend = freshBackend({ cluster: nodes, keys, groups: ['workers'], leaseMs: 2_000 });
      const independent = backend.consume();
      await independent.ready;
      for (const [index, key] of keys.entries()) await publish(backend, range(10, index * 10), key);
      for (const key of keys) await backend.publish(key, { n: -1 }, { messageId: 'once' });
      for (const key of keys) await backend.publish(key, { n: -1 }, { messageId: 'once' });
      const subscription = backend.consume({ group: 'workers', ack: 'manual' });
      const messages = await receiveMany(subscription, 55);
      expect(numbersOf(messages).toSorted((a, b) => a - b)).toEqual([-1, -1, -1, -1, -1, ...range(50)]);
      for (const message of messages) {
        if (message.payload['n'] === -1) await message.deadLetter({ code: 'TEST' });
        else await message.ack();
      }
      const dead = backend.deadLetters({ group: 'workers' });
      const first = await dead.list({ limit: 3 });
      const second = await dead.list({ limit: 3, cursor: first.cursor as string });
      expect([...first.items, ...second.items].map((item) => item.key).toSorted()).toEqual(keys);
      expect(await dead.redrive('all')).toBe(5);
      const again = await receiveMany(subscription, 5);
      expect(again.map(({ metadata }) => metadata.key).toSorted()).toEqual(keys);
      expect(numbersOf(await receiveMany(independent, 55)).toSorted((a, b) => a - b)[5]).toBe(0);
      expect((await backend.health()).status).toBe('up');
      await subscription.close({ drainTimeoutMs: 0 });
    });

    test('is degraded while any of its nodes is', async () => {
      const backend = freshBackend({ cluster: nodes, keys });
      await backend.publish('a', {});
      const sick = new Redis(nodes[1]?.port as number);
      onTestFinished(() => sick.disconnect());
      await sick.config('SET', 'maxmemory', '1mb');
      try {
        for (let round = 0; round < 12; round += 1) {
          expect(await backend.health()).toMatchObject({
            status: 'degraded',
            detail: { problem: expect.stringMatching(/the memory of Redis is \d+ % full/) },
          });
        }
      } finally {
        await sick.config('SET', 'maxmemory', '0');
      }
      expect((await backend.health()).status).toBe('up');
    });

    test('never exceeds the prefetch of a subscription with keys on several nodes', async () => {
      const backend = freshBackend({ cluster: nodes, keys, groups: ['few'] });
      const slow = backend.consume({ group: 'few', ack: 'manual', prefetch: 2 });
      await slow.ready;
      for (const [index, key] of keys.entries()) await publish(backend, range(10, index * 10), key);
      const held = await receiveMany(slow, 2);
      const fast = backend.consume({ group: 'few' });
      const rest = numbersOf(await receiveMany(fast, 48));
      expect(new Set([...rest, ...numbersOf(held)]).size).toBe(50);
      await Promise.all(held.map((message) => message.ack()));
    });

    test('connects although one of the configured names does not resolve', async () => {
      const backend = freshBackend({ cluster: [{ host: 'no-such-host.invalid', port: 6379 }, ...nodes] });
      await backend.publish(KEY, {});
    });

    test('asks for REDIS_CLUSTER when it is used as a single Redis', async () => {
      const prefix = freshPrefix();
      const outcomes = nodes.map(({ host, port }) => {
        const backend = freshBackend({ url: `redis://${host}:${port}`, prefix });
        return backend.publish(KEY, {}).then(() => 'stored', String);
      });
      const advice = expect.stringMatching(/^ConfigurationError: .*set REDIS_CLUSTER=true/);
      expect((await Promise.all(outcomes)).toSorted()).toEqual([advice, advice, 'stored']);
    });

    test('publishes to other nodes while one node is paused', async () => {
      const prefix = freshPrefix();
      const backend = freshBackend({ cluster: nodes, prefix, responseTimeoutMs: 60_000 });
      const [master] = deployment.masters;
      if (master === undefined) throw new Error('the cluster has no master');
      const admin = new Redis(master.port);
      const elsewhere = await Promise.all(
        keys.map((key) =>
          admin.xlen(`${prefix}${key}`).then(
            () => false,
            () => true,
          ),
        ),
      );
      const [there] = keys.filter((_, index) => !elsewhere[index]);
      const others = keys.filter((_, index) => elsewhere[index]);
      if (there === undefined || others.length === 0) throw new Error('all keys are on one node');
      await backend.publish(there, { n: -1 });
      // Writes wait at this node only.
      await admin.call('CLIENT', 'PAUSE', 3_600_000, 'WRITE');
      let isStored = false;
      const waiting = Promise.all(range(1_000).map((n) => backend.publish(there, { n }))).then(() => {
        isStored = true;
      });
      for (const key of others) await publish(backend, range(300), key);
      expect(isStored).toBe(false);
      await admin.call('CLIENT', 'UNPAUSE');
      await waiting;
      admin.disconnect();
    });

    test('continues when a master dies and its replica takes over', async () => {
      const cluster = nodes.map(({ host, port }) => `${host}:${port}`).join(',');
      const env = {
        REDIS_CLUSTER: cluster,
        QUEUE_KEYS: keys.join(','),
        QUEUE_GROUPS: 'failover',
        REDIS_LEASE_MS: '2000',
      };
      const backend = RedisBackend.fromEnv({ ...env, REDIS_PREFIX: 'failover:' });
      const subscription = backend.consume({ group: 'failover' });
      await subscription.ready;
      for (const [index, key] of keys.entries()) await publish(backend, range(4, index * 10), key);
      for (const { port } of deployment.masters) await expectReplicated(port);
      await deployment.masters[0]?.kill();
      await Promise.all(
        keys.map((key, index) =>
          backend.publish(key, { n: 100 + index }, { messageId: `after-${key}`, timeoutMs: 60_000 }),
        ),
      );
      const missing = new Set(keys.flatMap((_, index) => [...range(4, index * 10), 100 + index]));
      while (missing.size > 0) missing.delete(numbersOf(await receiveMany(subscription, 1))[0] as number);
      await backend.close({ drainTimeoutMs: 0 });
    });
  },
);

/** Resolves when the replica has received everything. */
async function expectReplicated(port: number): Promise<void> {
  const redis = new Redis(port);
  await waitFor('the replica', async () => {
    const info = await redis.info('replication');
    const [written, copied] = [/master_repl_offset:(\d+)/, /slave0:.*offset=(\d+)/].map((each) => each.exec(info)?.[1]);
    return written !== undefined && written === copied;
  });
  redis.disconnect();
}

describeWithOwnBroker(
  'a redis cluster that announces no hosts',
  () => startRedisCluster({ args: ['--cluster-preferred-endpoint-type', 'unknown-endpoint'] }),
  (deployment) => {
    test('is reached at the host that was asked, without a warning', async () => {
      const warn = vi.fn();
      const [{ port } = { port: 0 }] = deployment.masters;
      const keys = range(6).map((n) => `key-${n}`);
      const logger = { ...silentLogger, warn };
      const backend = freshBackend({ cluster: [{ host: 'localhost', port }], keys, groups: ['workers'], logger });
      for (const [index, key] of keys.entries()) await publish(backend, [index], key);
      const messages = await receiveMany(backend.consume({ group: 'workers' }), keys.length);
      expect(numbersOf(messages).toSorted()).toEqual(range(keys.length));
      expect(warn).not.toHaveBeenCalled();
    });
  },
);

describeWithOwnBroker('a redis cluster under another name', startRedisCluster, (deployment) => {
  test('logs no lost connection when the cluster announces other addresses than the given ones', async () => {
    const [warn, info] = [vi.fn(), vi.fn()];
    const cluster = deployment.masters.map(({ port }) => ({ host: 'localhost', port }));
    const backend = freshBackend({ cluster, groups: ['workers'], logger: { ...silentLogger, warn, info } });
    await publish(backend, range(3));
    await receiveMany(backend.consume({ group: 'workers' }), 3);
    expect(warn).not.toHaveBeenCalled();
    expect(info.mock.calls.map(([, event]) => event)).toContain('queue_node_renamed');
  });
});
