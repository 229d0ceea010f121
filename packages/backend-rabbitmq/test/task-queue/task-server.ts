import { RedisTaskStore } from '../../../backend-redis/src/task-queue/index.ts';
import { serveTasks } from '../../../backend-redis/test/task-queue/serve-tasks.ts';
import { RabbitMQTaskMessageQueue } from '../../src/task-queue/index.ts';

/** A server that keeps the state of its tasks in Redis and their messages in RabbitMQ. */
serveTasks({ taskStore: RedisTaskStore.fromEnv(), taskMessageQueue: RabbitMQTaskMessageQueue.fromEnv() });
