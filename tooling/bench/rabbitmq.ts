import { startRabbitMQ } from '../brokers/src/index.ts';
import { type BenchOptions, wants } from './bench-options.ts';
import type { Measurement } from './compare.ts';
import { speed } from './rabbitmq/speed.ts';
import { taskQueue } from './rabbitmq/task-queue.ts';

/** Compares the RabbitMQ backend with what others offer at the same broker, the newest one. */
export async function* rabbitmq(options: BenchOptions): AsyncGenerator<Measurement> {
  await using broker = await startRabbitMQ();
  yield* speed(options, broker);
  if (wants(options, 'task-queue')) yield* taskQueue(options, broker.url);
}
