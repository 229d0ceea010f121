import { RedisTaskMessageQueue, RedisTaskStore } from '../../src/task-queue/index.ts';
import { serveTasks } from './serve-tasks.ts';

serveTasks({ taskStore: RedisTaskStore.fromEnv(), taskMessageQueue: RedisTaskMessageQueue.fromEnv() });
