import { createFaultProxy, startRedis } from '@slack-mcp/brokers';
import { type CampaignAdapter, contractDuplicateBound } from '@slack-mcp/campaign';
import { Redis } from 'ioredis';

/**
 * What `appendfsync everysec` can lose: while the fsync of the previous second is still running, Redis answers before a
 * write reaches its file, for at most two seconds.
 */
const EVERYSEC_WINDOW_MS = 2_000;

/** The adapter with which a campaign runs the Redis backend. */
export function createCampaignAdapter(): CampaignAdapter {
  return {
    name: 'redis',
    module: new URL('../src/index.ts', import.meta.url).href,
    async start({ fsync, brokerVersion }) {
      const broker = await startRedis({ appendfsync: fsync, version: brokerVersion });
      const proxy = await createFaultProxy({ target: broker });
      const redis = new Redis(broker.url, { lazyConnect: true, maxRetriesPerRequest: null });
      // Each kill of the broker causes an error.
      redis.on('error', () => undefined);
      const lossWindowMs = fsync === 'always' ? 0 : EVERYSEC_WINDOW_MS;
      return {
        broker,
        proxy,
        env: { REDIS_URL: `redis://127.0.0.1:${proxy.port}`, REDIS_LEASE_MS: '3000' },
        lossWindowMs,
        // Messages whose confirmed acks the broker loses are delivered again, too.
        duplicateBound: (disruption) =>
          contractDuplicateBound(disruption) +
          (disruption.kind === 'broker-kill' && lossWindowMs > 0 ? disruption.handledWithin(lossWindowMs) : 0),
        async owed(keys, groups) {
          const counts = await Promise.all(
            keys.flatMap((key) => [
              owedBy(redis, key, groups),
              ...groups.map((group) => owedBy(redis, `{${key}}:redrive:${group}`, [group])),
            ]),
          );
          return counts.reduce((sum, count) => sum + count, 0);
        },
        async dispose() {
          redis.disconnect();
          await proxy.close();
          await broker.dispose();
        },
      };
    },
  };
}

/** The number of entries of a stream that the groups have not received or not acknowledged. */
async function owedBy(redis: Redis, stream: string, groups: readonly string[]): Promise<number> {
  if ((await redis.exists(stream)) === 0) return 0;
  const infos = (await redis.xinfo('GROUPS', stream)) as unknown[][];
  let owed = 0;
  for (const info of infos) {
    const field = (name: string): unknown => info[info.indexOf(name) + 1];
    if (!groups.includes(String(field('name')))) continue;
    const next = `(${field('last-delivered-id')}`;
    owed += Number(field('pending')) + (await redis.xrange(stream, next, '+', 'COUNT', 1)).length;
  }
  return owed;
}
