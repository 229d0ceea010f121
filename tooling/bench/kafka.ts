import { KafkaBackend } from '../../packages/backend-kafka/src/index.ts';
import { namespace, type StartedBroker, startKafka } from '../brokers/src/index.ts';
import { type BenchOptions, wants } from './bench-options.ts';
import { compare, type Measurement } from './compare.ts';
import { consumeAll } from './consume-all.ts';
import { endToEnd, endToEndMetric } from './kafka/end-to-end.ts';
import { channelOf, payloadOf, RawKafka } from './kafka/raw-kafka.ts';
import { atRate, inFlight } from './load.ts';

const IN_FLIGHT = 256;
/** The metrics that share a broker. */
const SPEEDS = ['publish', 'publish-single', 'publish-p99', 'consume', 'consume-prefetch-1000'];

/** Both sides with a topic of their own. */
interface Site {
  readonly topic: string;
  readonly backend: KafkaBackend;
  readonly raw: RawKafka;
}
type Publish = (site: Site, number: number) => Promise<void>;

const ours: Publish = ({ backend, topic }, number) =>
  backend.publish(topic, payloadOf(number), { orderingKey: channelOf(number) });
const theirs: Publish = ({ raw, topic }, number) => raw.publish(topic, number);
const alone: Publish = ({ raw, topic }, number) => raw.publishAlone(topic, number);

/** Compares the Kafka backend with `kafkajs` alone: same broker, same records in 6 partitions, same acknowledgements. */
export async function* kafka(options: BenchOptions): AsyncGenerator<Measurement> {
  if (SPEEDS.some((metric) => wants(options, metric))) {
    await using broker = await startKafka();
    yield* publishing(broker, options);
    yield* consuming(broker, options);
  }
  for (const lingerMs of [undefined, 0])
    if (wants(options, endToEndMetric(lingerMs))) yield* endToEnd(options, lingerMs);
}

/** Publishes to a topic of its own in each round. */
async function* publishing(broker: StartedBroker, options: BenchOptions): AsyncGenerator<Measurement> {
  const { quick, rounds } = options;
  const messages = quick ? 5_000 : 50_000;
  // Clients of their own: kafkajs also looks for the deleted topics of earlier rounds.
  const onTopic = async (run: (site: Site) => Promise<number>): Promise<number> => {
    const topic = namespace('bench');
    await using raw = await RawKafka.connect(broker.url);
    await using backend = KafkaBackend.fromEnv(broker.env);
    await raw.createTopic(topic);
    const result = await run({ topic, backend, raw });
    await raw.deleteTopic(topic);
    return result;
  };
  const publishWith = (publish: Publish, load: (step: () => Promise<void>) => Promise<number>): Promise<number> =>
    onTopic(async (site) => {
      let number = 0;
      // The first message of a topic looks for its partitions.
      await publish(site, number);
      return load(() => publish(site, ++number));
    });
  const many = (publish: Publish, count = messages): Promise<number> =>
    publishWith(publish, (step) => inFlight(count, IN_FLIGHT, step));

  const rates = { bench: 'kafka', rounds, unit: 'messages/s', better: 'more' } as const;
  if (wants(options, 'publish')) {
    yield await compare({
      ...{ ...rates, metric: 'publish', reference: 'kafkajs micro-batches' },
      ours: () => many(ours),
      theirs: () => many(theirs),
    });
  }
  if (wants(options, 'publish-single')) {
    yield await compare({
      ...{ ...rates, metric: 'publish-single', reference: 'one kafkajs send per message' },
      ours: () => many(ours),
      theirs: () => many(alone, messages / 10),
    });
  }
  if (wants(options, 'publish-p99')) {
    const samples = quick ? 500 : 3_000;
    yield await compare({
      ...{ bench: 'kafka', rounds, unit: 'ms', better: 'less' },
      ...{ metric: 'publish-p99', reference: 'kafkajs micro-batches' },
      ours: () => publishWith(ours, (step) => atRate(samples, 1_000, step)),
      theirs: () => publishWith(theirs, (step) => atRate(samples, 1_000, step)),
    });
  }
}

/** Reads one topic again and again, each time with another group. */
async function* consuming(broker: StartedBroker, options: BenchOptions): AsyncGenerator<Measurement> {
  const { quick, rounds } = options;
  const messages = quick ? 5_000 : 100_000;
  const metrics = new Map([
    ['consume', {}],
    ['consume-prefetch-1000', { prefetch: 1_000 }],
  ]);
  const wanted = [...metrics].filter(([metric]) => wants(options, metric));
  if (wanted.length === 0) return;
  const topic = namespace('bench');
  await using raw = await RawKafka.connect(broker.url);
  await raw.createTopic(topic);
  await raw.fill(topic, messages);
  for (const [metric, settings] of wanted) {
    yield await compare({
      ...{ bench: 'kafka', metric, rounds, unit: 'messages/s', better: 'more' },
      reference: 'kafkajs eachBatch, one commit a batch',
      ours: async () => {
        await using backend = KafkaBackend.fromEnv(broker.env);
        return await consumeAll(backend, messages, { keys: topic, group: namespace('workers'), ...settings });
      },
      theirs: async () => {
        await using client = await RawKafka.connect(broker.url);
        return await client.consume(topic, namespace('raw'), messages);
      },
    });
  }
}
