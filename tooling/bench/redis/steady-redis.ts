import { type RedisBroker, startRedis } from '../../brokers/src/index.ts';

/** A Redis that writes its file as by default, `everysec`, but does not rewrite it in the middle of a measurement. */
export function startSteadyRedis(): Promise<RedisBroker> {
  return startRedis({ args: ['--auto-aof-rewrite-percentage', '0'] });
}
