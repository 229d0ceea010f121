import type { Broker, BrokerName, StartedBroker, StartOptions } from './broker.ts';
import { externalBroker } from './external-broker.ts';
import { startKafka } from './kafka/start-kafka.ts';
import { startRabbitMQ } from './rabbitmq/start-rabbitmq.ts';
import { startRedis } from './redis/start-redis.ts';

type Starter = (options?: StartOptions) => Promise<StartedBroker>;

const starters: Readonly<Record<BrokerName, Starter>> = {
  redis: startRedis,
  rabbitmq: startRabbitMQ,
  kafka: startKafka,
};

/** Starts a private broker with default settings. @throws {BrokerUnavailableError} */
export function startBroker(name: BrokerName, options?: StartOptions): Promise<StartedBroker> {
  return starters[name](options);
}

/** The broker that the environment names if it answers, or else a private one. @throws {BrokerUnavailableError} */
export async function openBroker(name: BrokerName): Promise<Broker> {
  return (await externalBroker(name)) ?? startBroker(name);
}
