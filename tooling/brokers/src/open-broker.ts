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

/** Starts a broker of one's own as it comes. @throws {BrokerUnavailableError} */
export function startBroker(name: BrokerName, options?: StartOptions): Promise<StartedBroker> {
  return starters[name](options);
}

/** The broker that the environment names if it answers, else one of one's own. @throws {BrokerUnavailableError} */
export async function openBroker(name: BrokerName): Promise<Broker> {
  return (await externalBroker(name)) ?? startBroker(name);
}
