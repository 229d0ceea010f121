/**
 * The name of a stream (Redis), topic (Kafka), routing key (RabbitMQ) or queue (memory). It matches
 * `[A-Za-z0-9._-]{1,200}`.
 */
export type QueueKey = string;
