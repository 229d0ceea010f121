import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { RedisBroker } from '../../brokers/src/index.ts';
import type { BenchOptions } from '../bench-options.ts';
import { compare, type Measurement } from '../compare.ts';
import { RawClient } from './raw-client.ts';
import { startSteadyRedis } from './steady-redis.ts';

const SMALL = 10_000;
/** Number of short backlogs that one measurement drains. */
const SMALL_KEYS = 10;
const GROUP = 'workers';

/** Compares a long backlog with a short one: the rate at which it is drained, and the memory that this needs. */
export async function* backlog({ quick, rounds }: BenchOptions): AsyncGenerator<Measurement> {
  const large = quick ? 10 * SMALL : 100 * SMALL;
  const short = Array.from({ length: SMALL_KEYS }, (_, index) => `short.${index}`);
  await using broker = await startSteadyRedis();
  const raw = new RawClient(broker.url);
  for (const key of [...short, 'warm']) await raw.fill(key, SMALL);
  await raw.fill('long', large);
  const memory = { long: [] as number[], short: [] as number[] };
  const measure = async (size: keyof typeof memory): Promise<number> => {
    const keys = size === 'long' ? ['long'] : short;
    for (const key of [...keys, 'warm']) await renew(raw, key);
    const { rate, rss } = await drain(broker, size === 'long' ? large : SMALL, keys);
    memory[size].push(rss);
    return rate;
  };
  const subject = { bench: 'redis', rounds, reference: `backlog of ${SMALL}` };
  yield await compare({
    ...{ ...subject, metric: 'backlog', unit: 'messages/s', better: 'more' },
    ...{ ours: () => measure('long'), theirs: () => measure('short') },
  });
  // The memory use of the same runs.
  yield await compare({
    ...{ ...subject, metric: 'backlog-rss', unit: 'MB', better: 'less' },
    ours: async () => memory.long.shift() ?? 0,
    theirs: async () => memory.short.shift() ?? 0,
  });
  raw.close();
}

/** Resets the group, so that everything is undelivered again. */
async function renew({ redis }: RawClient, key: string): Promise<void> {
  await redis.xgroup('DESTROY', key, GROUP);
  await redis.xgroup('CREATE', key, GROUP, '0');
}

async function drain(broker: RedisBroker, count: number, keys: string[]): Promise<{ rate: number; rss: number }> {
  const worker = fileURLToPath(new URL('./backlog-worker.ts', import.meta.url));
  const args = ['--conditions=@slack-mcp/source', worker, broker.url, GROUP, `${count}`, 'warm', keys.join(',')];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as { rate: number; rss: number };
}
