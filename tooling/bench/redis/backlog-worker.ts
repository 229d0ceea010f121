import { RedisBackend } from '../../../packages/backend-redis/src/index.ts';

// A consumer process with its own memory. Drains keys one after the other and prints messages per second and its peak
// memory in MB. Arguments: URL, group, messages of each key, keys for warming up, keys to measure.

const [url = '', group = '', count = '', warmUp = '', measured = ''] = process.argv.slice(2);
const backend = RedisBackend.fromEnv({ REDIS_URL: url, REDIS_MAX_LENGTH: '100000000' });

for (const key of warmUp.split(',')) await drain(key, 10_000);
let rss = 0;
const watch = setInterval(() => {
  rss = Math.max(rss, process.memoryUsage.rss());
}, 20);
const keys = measured.split(',');
const begin = performance.now();
for (const key of keys) await drain(key, Number(count));
const rate = (keys.length * Number(count) * 1_000) / (performance.now() - begin);
clearInterval(watch);
await backend.close();
process.stdout.write(JSON.stringify({ rate, rss: rss / 2 ** 20 }));

async function drain(key: string, messages: number): Promise<void> {
  const subscription = backend.consume({ keys: key, group, prefetch: 256 });
  let handled = 0;
  for await (const message of subscription) {
    handled += 1;
    if (handled < messages) continue;
    await message.ack();
    break;
  }
}
