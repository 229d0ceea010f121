export type { Broker, BrokerName, BrokerNode, BrokerSource, StartedBroker, StartOptions } from './broker.ts';
export { brokerNames } from './broker.ts';
export { BrokerUnavailableError } from './broker-unavailable-error.ts';
export type { Direction } from './direction.ts';
export { type BrokersMode, type Environment, readEnvironment } from './environment.ts';
export { type FaultPath, openFaultPath, type PathFaults } from './fault-path.ts';
export { createFaultProxy, type FaultProxy } from './fault-proxy.ts';
export type { FaultProxyOptions } from './fault-proxy-options.ts';
export { freePort } from './free-ports.ts';
export { type KafkaBroker, type StartKafkaOptions, startKafka } from './kafka/start-kafka.ts';
export {
  type KafkaCluster,
  type KafkaClusterNode,
  type StartKafkaClusterOptions,
  startKafkaCluster,
} from './kafka/start-kafka-cluster.ts';
export { namespace } from './namespace.ts';
export { openBroker, startBroker } from './open-broker.ts';
export { installWithApt } from './provision/apt-get.ts';
export { findExecutable } from './provision/find-executable.ts';
export { RabbitMQAlarms, type RabbitMQResource } from './rabbitmq/rabbitmq-alarms.ts';
export { RabbitMQManagement, type RabbitMQRights } from './rabbitmq/rabbitmq-management.ts';
export { type RabbitMQBroker, type StartRabbitMQOptions, startRabbitMQ } from './rabbitmq/start-rabbitmq.ts';
export {
  type RabbitMQCluster,
  type RabbitMQClusterNode,
  type StartRabbitMQClusterOptions,
  startRabbitMQCluster,
} from './rabbitmq/start-rabbitmq-cluster.ts';
export { type RedisBroker, type StartRedisOptions, startRedis } from './redis/start-redis.ts';
export { type RedisCluster, startRedisCluster } from './redis/start-redis-cluster.ts';
export { type RedisSentinel, startRedisSentinel } from './redis/start-redis-sentinel.ts';
export { type LeasedBroker, leaseBroker } from './shared-brokers.ts';
export { isVersion } from './version.ts';
export { waitFor } from './wait-for.ts';
