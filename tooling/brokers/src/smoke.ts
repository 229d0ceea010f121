import { connect } from 'amqplib';
import { Kafka, logLevel } from 'kafkajs';
import type { BrokerName } from './broker.ts';
import { BrokerUnavailableError } from './broker-unavailable-error.ts';
import { kafkaVersions } from './kafka/locate-kafka.ts';
import { namespace } from './namespace.ts';
import { startBroker } from './open-broker.ts';
import { rabbitMQVersions } from './rabbitmq/locate-rabbitmq.ts';
import { withRedisClient } from './redis/redis-client.ts';

/** The result of one version. */
export interface SmokeOutcome {
  readonly name: BrokerName;
  /** The requested version. `undefined`: the default version. */
  readonly wanted: string | undefined;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** The version and its measurements, or the error. */
  readonly detail: string;
}

/** The tested versions of a broker. */
export function versionsToSmoke(name: BrokerName): readonly (string | undefined)[] {
  if (name === 'rabbitmq') return rabbitMQVersions.map(({ version }) => version);
  return name === 'kafka' ? kafkaVersions : [undefined];
}

/** Starts a version, sends a message through it with the client library, and stops it. Never rejects. */
export async function smokeVersion(name: BrokerName, wanted: string | undefined): Promise<SmokeOutcome> {
  try {
    await using broker = await startBroker(name, { version: wanted });
    const sentAt = performance.now();
    await passMessage(name, broker.url);
    const tookMs = Math.round(performance.now() - sentAt);
    const { version, source, startupMs } = broker;
    const detail = `${version} (${source}) started in ${startupMs} ms, a message passed in ${tookMs} ms`;
    return { name, wanted, status: 'passed', detail };
  } catch (error) {
    const status = error instanceof BrokerUnavailableError ? 'skipped' : 'failed';
    return { name, wanted, status, detail: error instanceof Error ? error.message : String(error) };
  }
}

/** Sends a message with the broker's strongest confirmation and receives it. @throws {Error} */
export async function passMessage(name: BrokerName, url: string): Promise<void> {
  const text = namespace('message');
  const received = await exchanges[name](url, namespace('smoke'), text);
  if (received !== text) throw new Error(`received ${JSON.stringify(received)} instead of ${JSON.stringify(text)}`);
}

type Exchange = (url: string, queue: string, text: string) => Promise<string>;

const exchanges: Readonly<Record<BrokerName, Exchange>> = { redis: overRedis, rabbitmq: overAmqp, kafka: overKafka };

async function overRedis(url: string, queue: string, text: string): Promise<string> {
  return withRedisClient({ port: Number(new URL(url).port) }, async (redis) => {
    await redis.xadd(queue, '*', 'data', text);
    const [entry] = await redis.xrange(queue, '-', '+');
    await redis.del(queue);
    return entry?.[1][1] ?? '';
  });
}

async function overAmqp(url: string, queue: string, text: string): Promise<string> {
  const connection = await connect(url);
  try {
    const channel = await connection.createConfirmChannel();
    await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    channel.sendToQueue(queue, Buffer.from(text), { persistent: true, mandatory: true });
    await channel.waitForConfirms();
    const received = new Promise<string>((resolve, reject) => {
      channel
        .consume(queue, (message) => {
          if (message === null) return reject(new Error('the consumer was cancelled'));
          channel.ack(message);
          resolve(message.content.toString());
        })
        .catch(reject);
    });
    const result = await received;
    await channel.deleteQueue(queue);
    return result;
  } finally {
    await connection.close();
  }
}

async function overKafka(url: string, topic: string, value: string): Promise<string> {
  const kafka = new Kafka({ brokers: url.split(','), logLevel: logLevel.NOTHING });
  const [admin, producer, consumer] = [
    kafka.admin(),
    kafka.producer({ idempotent: true }),
    kafka.consumer({ groupId: topic }),
  ];
  const clients = [admin, producer, consumer];
  try {
    await Promise.all(clients.map((client) => client.connect()));
    await admin.createTopics({ topics: [{ topic }], waitForLeaders: true });
    await producer.send({ topic, acks: -1, messages: [{ value }] });
    await consumer.subscribe({ topic, fromBeginning: true });
    const received = Promise.withResolvers<string>();
    consumer.on(consumer.events.CRASH, ({ payload }) => received.reject(payload.error));
    await consumer.run({ eachMessage: async ({ message }) => received.resolve(String(message.value)) });
    return await received.promise;
  } finally {
    await Promise.allSettled(clients.map((client) => client.disconnect()));
  }
}
