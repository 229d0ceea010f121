import { KafkaBackend } from '../../packages/backend-kafka/src/index.ts';
import { namespace, startKafka } from '../brokers/src/index.ts';
import type { BenchOptions } from './bench-options.ts';
import { compare, type Measurement } from './compare.ts';
import { consumeAll } from './consume-all.ts';
import { endToEnd } from './kafka/end-to-end.ts';
import { channelOf, payloadOf, RawKafka } from './kafka/raw-kafka.ts';
import { atRate, inFlight } from './load.ts';

const IN_FLIGHT = 256;
const GROUP = 'workers';
const RAW_GROUP = 'raw';

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
  const { quick, rounds } = options;
  const messages = quick ? 5_000 : 50_000;
  {
    await using broker = await startKafka();
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
    const publishing = (publish: Publish, load: (step: () => Promise<void>) => Promise<number>): Promise<number> =>
      onTopic(async (site) => {
        let number = 0;
        // The first message of a topic looks for its partitions.
        await publish(site, number);
        return load(() => publish(site, ++number));
      });
    const many = (publish: Publish, count = messages): Promise<number> =>
      publishing(publish, (step) => inFlight(count, IN_FLIGHT, step));

    const rates = { bench: 'kafka', rounds, unit: 'messages/s', better: 'more' } as const;
    yield await compare({
      ...{ ...rates, metric: 'publish', reference: 'kafkajs micro-batches' },
      ours: () => many(ours),
      theirs: () => many(theirs),
    });
    yield await compare({
      ...{ ...rates, metric: 'publish-single', reference: 'one kafkajs send per message' },
      ours: () => many(ours),
      theirs: () => many(alone, messages / 10),
    });

    const filled = (run: (site: Site) => Promise<number>): Promise<number> =>
      onTopic(async (site) => {
        await site.raw.fill(site.topic, messages);
        return run(site);
      });
    for (const prefetch of [undefined, 1_000]) {
      yield await compare({
        ...{ ...rates, reference: 'kafkajs eachBatch, one commit a batch' },
        metric: prefetch === undefined ? 'consume' : `consume-prefetch-${prefetch}`,
        ours: () =>
          filled(({ backend, topic }) =>
            consumeAll(backend, messages, { keys: topic, group: GROUP, ...(prefetch !== undefined && { prefetch }) }),
          ),
        theirs: () => filled(({ raw, topic }) => raw.consume(topic, RAW_GROUP, messages)),
      });
    }

    const samples = quick ? 500 : 3_000;
    yield await compare({
      ...{ bench: 'kafka', rounds, unit: 'ms', better: 'less' },
      ...{ metric: 'publish-p99', reference: 'kafkajs micro-batches' },
      ours: () => publishing(ours, (step) => atRate(samples, 1_000, step)),
      theirs: () => publishing(theirs, (step) => atRate(samples, 1_000, step)),
    });
  }
  yield* endToEnd(options);
  yield* endToEnd(options, 0);
}
