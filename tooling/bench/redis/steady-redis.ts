import { type RedisBroker, startRedis } from '../../brokers/src/index.ts';

/** Starts a Redis with the default `everysec` that does not rewrite its file during a measurement. */
export function startSteadyRedis(): Promise<RedisBroker> {
  return startRedis({ args: ['--auto-aof-rewrite-percentage', '0'] });
}
