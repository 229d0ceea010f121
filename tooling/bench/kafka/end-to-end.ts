import { KafkaBackend } from '../../../packages/backend-kafka/src/index.ts';
import { startKafka } from '../../brokers/src/index.ts';
import type { BenchOptions } from '../bench-options.ts';
import { compare, type Measurement } from '../compare.ts';
import { atRate } from '../load.ts';
import { channelOf, payloadOf, RawKafka } from './raw-kafka.ts';

const RATE = 1_000;
const GROUP = 'workers';
const RAW_GROUP = 'raw';

export function endToEndMetric(lingerMs: number | undefined): string {
  return lingerMs === undefined ? 'end-to-end-p99' : `end-to-end-p99-linger-${lingerMs}`;
}

/**
 * Compares the time from publishing to handling, at a fixed rate. The broker delays its answer to a commit by `lingerMs`;
 * its own default is 5.
 */
export async function* endToEnd({ quick, rounds }: BenchOptions, lingerMs?: number): AsyncGenerator<Measurement> {
  const properties = lingerMs === undefined ? [] : [`group.coordinator.append.linger.ms=${lingerMs}`];
  await using broker = await startKafka({ properties });
  await using raw = await RawKafka.connect(broker.url);
  await using backend = KafkaBackend.fromEnv(broker.env);
  for (const topic of ['ours', 'theirs']) await raw.createTopic(topic);

  const arrivals = new Map<number, () => void>();
  const arrived = ({ payload }: { payload: unknown }): void => arrivals.get((payload as { number: number }).number)?.();
  await raw.subscribe('theirs', RAW_GROUP, { onMessage: arrived });
  const subscription = backend.consume({ keys: 'ours', group: GROUP });
  const handling = (async () => {
    for await (const message of subscription) arrived(message);
  })();
  await subscription.ready;

  const samples = quick ? 500 : 3_000;
  let last = 0;
  const measure = (publish: (number: number) => Promise<void>): Promise<number> =>
    atRate(samples, RATE, async () => {
      const number = ++last;
      const arrival = new Promise<void>((resolve) => arrivals.set(number, resolve));
      await Promise.all([publish(number), arrival]);
      arrivals.delete(number);
    });
  yield await compare({
    ...{ bench: 'kafka', rounds, unit: 'ms', better: 'less' },
    metric: endToEndMetric(lingerMs),
    reference: 'kafkajs eachBatch',
    ours: () => measure((number) => backend.publish('ours', payloadOf(number), { orderingKey: channelOf(number) })),
    theirs: () => measure((number) => raw.publish('theirs', number)),
  });
  await subscription.close();
  await handling;
}
