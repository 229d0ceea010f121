import { randomUUID } from 'node:crypto';
import { RedisBackend } from '../../packages/backend-redis/src/index.ts';
import type { BenchOptions } from './bench-options.ts';
import { compare, type Measurement } from './compare.ts';
import { atRate, inFlight, perSecond } from './load.ts';
import { backlog } from './redis/backlog.ts';
import { RawClient } from './redis/raw-client.ts';
import { startSteadyRedis } from './redis/steady-redis.ts';
import { slackEvent } from './slack-event.ts';

const IN_FLIGHT = 256;
const KEY = 'slack_events';
const GROUP = 'workers';

/** Compares the Redis backend with `ioredis` alone: same broker, append-only file with `everysec`, same entries. */
export async function* redis({ quick, rounds }: BenchOptions): AsyncGenerator<Measurement> {
  const messages = quick ? 5_000 : 50_000;
  await using broker = await startSteadyRedis();
  const raw = new RawClient(broker.url);
  await raw.connect();
  await using backend = RedisBackend.fromEnv({ REDIS_URL: broker.url });
  const emptied = async <T>(run: () => Promise<T>): Promise<T> => {
    await broker.wipe();
    return run();
  };
  const bench = 'redis';
  const rates = { bench, rounds, unit: 'messages/s', better: 'more' } as const;
  const ourPublish = (): Promise<void> => backend.publish(KEY, slackEvent);
  const ourPublishOnce = (): Promise<void> => backend.publish(KEY, slackEvent, { messageId: randomUUID() });

  yield await compare({
    ...{ ...rates, metric: 'publish', reference: 'ioredis XADD' },
    ours: () => emptied(() => inFlight(messages, IN_FLIGHT, ourPublish)),
    theirs: () => emptied(() => inFlight(messages, IN_FLIGHT, () => raw.publish(KEY))),
  });
  yield await compare({
    ...{ ...rates, metric: 'publish-idempotent', reference: 'ioredis EVALSHA' },
    ours: () => emptied(() => inFlight(messages, IN_FLIGHT, ourPublishOnce)),
    theirs: () => emptied(() => inFlight(messages, IN_FLIGHT, () => raw.publishOnce(KEY, randomUUID()))),
  });
  yield await compare({
    ...{ ...rates, metric: 'publish-idempotent', reference: 'ioredis XADD' },
    ours: () => emptied(() => inFlight(messages, IN_FLIGHT, ourPublishOnce)),
    theirs: () => emptied(() => inFlight(messages, IN_FLIGHT, () => raw.publish(KEY))),
  });

  const filled = (run: () => Promise<number>): Promise<number> =>
    emptied(async () => {
      await raw.fill(KEY, messages);
      await raw.redis.xgroup('CREATE', KEY, GROUP, '0');
      return run();
    });
  yield await compare({
    ...{ ...rates, metric: 'consume', reference: 'ioredis XREADGROUP and XACK' },
    ours: () => filled(() => perSecond(messages, () => consume(backend, messages))),
    theirs: () => filled(() => perSecond(messages, () => raw.consume(KEY, GROUP, messages))),
  });

  const samples = quick ? 500 : 3_000;
  yield await compare({
    ...{ bench, rounds, metric: 'publish-p99', reference: 'ioredis XADD', unit: 'ms', better: 'less' },
    ours: () => emptied(() => atRate(samples, 1_000, ourPublish)),
    theirs: () => emptied(() => atRate(samples, 1_000, () => raw.publish(KEY))),
  });
  raw.close();
  yield* backlog({ quick, rounds });
}

/** The simplest possible worker. */
async function consume(backend: RedisBackend, messages: number): Promise<void> {
  let handled = 0;
  for await (const message of backend.consume({ keys: KEY, group: GROUP, prefetch: 256 })) {
    if (message.payload['type'] !== 'event_callback') throw new Error('the message differs from the published one');
    handled += 1;
    if (handled < messages) continue;
    await message.ack();
    return;
  }
}
