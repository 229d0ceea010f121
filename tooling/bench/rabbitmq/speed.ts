import { RabbitMQBackend } from '../../../packages/backend-rabbitmq/src/index.ts';
import { namespace, type RabbitMQBroker } from '../../brokers/src/index.ts';
import { type BenchOptions, wants } from '../bench-options.ts';
import { compare, type Measurement } from '../compare.ts';
import { consumeAll } from '../consume-all.ts';
import { atRate, inFlight } from '../load.ts';
import { slackEvent } from '../slack-event.ts';
import { RawRabbitMQ } from './raw-rabbitmq.ts';

const IN_FLIGHT = 256;
const PREFETCH = 256;
const GROUP = 'workers';
/** The heartbeat that RabbitMQ suggests and the other side uses: a busy machine is not measured as a lost connection. */
const HEARTBEAT = { RABBITMQ_HEARTBEAT_MS: '60000' };

/** Both sides with a key of their own. */
interface Site {
  readonly key: string;
  readonly backend: RabbitMQBackend;
  readonly raw: RawRabbitMQ;
}
type Publish = (site: Site) => Promise<void>;

const ours: Publish = ({ backend, key }) => backend.publish(key, slackEvent);
const theirs: Publish = ({ raw, key }) => raw.publish(key);

/** Compares publishing and consuming with `amqplib` alone: same broker, confirms, prefetch and type of queue. */
export async function* speed(options: BenchOptions, broker: RabbitMQBroker): AsyncGenerator<Measurement> {
  const { quick, rounds } = options;
  const messages = quick ? 5_000 : 50_000;
  const onSite = async (run: (site: Site) => Promise<number>): Promise<number> => {
    const key = namespace('bench');
    await using raw = await RawRabbitMQ.connect(broker.url);
    await using backend = RabbitMQBackend.fromEnv({ ...broker.env, ...HEARTBEAT, QUEUE_GROUPS: GROUP });
    await raw.declare(key);
    return await run({ key, raw, backend });
  };
  /** With a queue that has one message already: the first one declares what is missing. */
  const started = (publish: Publish, run: (site: Site) => Promise<number>): Promise<number> =>
    onSite(async (site) => {
      await publish(site);
      return run(site);
    }).finally(() => broker.wipe());
  const rates = { bench: 'rabbitmq', rounds, unit: 'messages/s', better: 'more' } as const;

  const many = (publish: Publish): Promise<number> =>
    started(publish, (site) => inFlight(messages, IN_FLIGHT, () => publish(site)));
  if (wants(options, 'publish'))
    yield await compare({
      ...{ ...rates, metric: 'publish', reference: 'amqplib, pipelined confirms' },
      ours: () => many(ours),
      theirs: () => many(theirs),
    });

  const filled = (publish: Publish, consume: (site: Site) => Promise<number>): Promise<number> =>
    started(publish, async (site) => {
      await inFlight(messages - 1, IN_FLIGHT, () => publish(site));
      return consume(site);
    });
  if (wants(options, 'consume'))
    yield await compare({
      ...{ ...rates, metric: 'consume', reference: 'amqplib, acks of a turn together' },
      ours: () =>
        filled(ours, ({ backend, key }) =>
          consumeAll(backend, messages, { keys: key, group: GROUP, prefetch: PREFETCH }),
        ),
      theirs: () => filled(theirs, ({ raw, key }) => raw.consume(key, messages, PREFETCH)),
    });

  const samples = quick ? 500 : 3_000;
  const latency = (publish: Publish): Promise<number> =>
    started(publish, (site) => atRate(samples, 1_000, () => publish(site)));
  if (wants(options, 'publish-p99'))
    yield await compare({
      ...{ bench: 'rabbitmq', rounds, unit: 'ms', better: 'less' },
      ...{ metric: 'publish-p99', reference: 'amqplib, pipelined confirms' },
      ours: () => latency(ours),
      theirs: () => latency(theirs),
    });
}
