export type { Broker, BrokerName, BrokerSource, StartedBroker, StartOptions } from './broker.ts';
export { BrokerUnavailableError } from './broker-unavailable-error.ts';
export { createFaultProxy, type Direction, type FaultProxy, type FaultProxyOptions } from './fault-proxy.ts';
export { namespace } from './namespace.ts';
export { openBroker, startBroker } from './open-broker.ts';
export { type RedisBroker, type StartRedisOptions, startRedis } from './redis/start-redis.ts';
export { waitFor } from './wait-for.ts';
