import { Redis } from 'ioredis';
import { afterAll, expect, test } from 'vitest';
import { createFaultProxy, startRedis, waitFor } from '../src/index.ts';
import { describeWithOwnBroker } from '../src/vitest.ts';

describeWithOwnBroker(
  'redis under faults',
  () => startRedis({ appendfsync: 'always' }),
  (broker) => {
    const clients: Redis[] = [];
    const client = (url = broker.url): Redis => {
      const redis = new Redis(url, { maxRetriesPerRequest: null });
      redis.on('error', () => undefined);
      clients.push(redis);
      return redis;
    };
    afterAll(() => {
      for (const redis of clients) redis.disconnect();
    });

    test('is up', ({ annotate }) => annotate(`redis is up after ${broker.startupMs} ms (${broker.source})`));

    test('keeps writes through SIGKILL and restart, on the same port', async () => {
      const redis = client();
      const id = await redis.xadd('survives', '*', 'data', '{"n":1}');
      const { pid, port } = broker;
      await broker.kill();
      expect(broker.pid).toBeUndefined();
      await broker.restart();
      expect(broker.pid).not.toBe(pid);
      expect(broker.port).toBe(port);
      expect(await redis.xrange('survives', '-', '+')).toEqual([[id, ['data', '{"n":1}']]]);
    });

    test('keeps writes through a graceful stop', async () => {
      const redis = client();
      await redis.set('kept', 'yes');
      await broker.stop();
      await broker.stop();
      await broker.restart();
      await broker.restart();
      expect(await redis.get('kept')).toBe('yes');
    });

    test('closes the connections of its clients, including blocked ones', async () => {
      const redis = client();
      const observer = client();
      const closed: string[] = [];
      redis.on('close', () => closed.push('waiting'));
      observer.on('close', () => closed.push('idle'));
      redis.blpop('never', 0).catch(() => undefined);
      await waitFor('the client to wait', async () => String(await observer.client('LIST')).includes('cmd=blpop'));
      await broker.closeConnections();
      await waitFor('the connections to close', () => closed.includes('waiting') && closed.includes('idle'));
    });

    test('is empty after a wipe', async () => {
      const redis = client();
      await redis.set('gone', 'soon');
      await broker.wipe();
      expect(await redis.dbsize()).toBe(0);
    });

    test('does not answer during a blackhole, and answers after it', async () => {
      await using proxy = await createFaultProxy({ target: broker });
      const redis = client(`redis://127.0.0.1:${proxy.port}`);
      await redis.set('before', '1');
      proxy.blackhole();
      const answers: string[] = [];
      const write = redis.set('during', '2').then((answer) => answers.push(answer));
      const direct = client();
      expect(await direct.get('during')).toBeNull();
      expect(answers).toEqual([]);
      await proxy.heal();
      await write;
      expect(await direct.get('during')).toBe('2');
      redis.disconnect();
    });
  },
);

describeWithOwnBroker(
  'redis with passwords',
  () => startRedis({ password: 'pass/word', users: ['worker on >secret ~slack:* &* +@all'], maxmemory: '64mb' }),
  (broker) => {
    test('requires passwords', async () => {
      const stranger = new Redis(broker.port, { lazyConnect: true, retryStrategy: () => null });
      stranger.on('error', () => undefined);
      await expect(stranger.ping()).rejects.toThrow(/NOAUTH/);
      stranger.disconnect();

      const owner = new Redis(broker.env['REDIS_URL'] as string);
      expect(await owner.config('GET', 'maxmemory')).toEqual(['maxmemory', `${64 * 1024 * 1024}`]);
      owner.disconnect();

      const worker = new Redis(`redis://worker:secret@127.0.0.1:${broker.port}`);
      await expect(worker.get('other')).rejects.toThrow(/NOPERM/);
      expect(await worker.get('slack:key')).toBeNull();
      worker.disconnect();
    });
  },
);

describeWithOwnBroker(
  'redis with TLS',
  () => startRedis({ tls: true }),
  (broker) => {
    test('is trusted only with its CA', async () => {
      const { readFileSync } = await import('node:fs');
      const trusting = new Redis(broker.url, { tls: { ca: readFileSync(broker.caFile as string) } });
      expect(await trusting.ping()).toBe('PONG');
      trusting.disconnect();

      const doubting = new Redis(broker.url, { lazyConnect: true, retryStrategy: () => null });
      const errors: Error[] = [];
      doubting.on('error', (error) => errors.push(error));
      await expect(doubting.connect()).rejects.toThrow();
      expect(errors.map(String).join()).toMatch(/certificate/);
      doubting.disconnect();
    });
  },
);
