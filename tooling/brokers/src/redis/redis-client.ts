import { Redis, type RedisOptions } from 'ioredis';

export type ClientOptions = Omit<RedisOptions, 'replyMapping'>;

/** Runs a task with its own connection, which does not retry, and closes it. */
export async function withRedisClient<T>(options: ClientOptions, task: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis({ host: '127.0.0.1', connectTimeout: 5_000, ...options, lazyConnect: true, retryStrategy });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await task(redis);
  } finally {
    redis.disconnect();
  }
}

function retryStrategy(): null {
  return null;
}
