import type { Broker, BrokerName, StartedBroker, StartOptions } from './broker.ts';
import { externalBroker } from './external-broker.ts';
import { startRedis } from './redis/start-redis.ts';

type Starter = (options?: StartOptions) => Promise<StartedBroker>;

const starters: Readonly<Record<BrokerName, Starter>> = {
  redis: startRedis,
  rabbitmq: () => Promise.reject(new Error('not yet')),
  kafka: () => Promise.reject(new Error('not yet')),
};

/** Starts a broker of one's own as it comes. @throws {BrokerUnavailableError} */
export function startBroker(name: BrokerName, options?: StartOptions): Promise<StartedBroker> {
  return starters[name](options);
}

/** The broker that the environment names if it answers, else one of one's own. @throws {BrokerUnavailableError} */
export async function openBroker(name: BrokerName): Promise<Broker> {
  return (await externalBroker(name)) ?? startBroker(name);
}
