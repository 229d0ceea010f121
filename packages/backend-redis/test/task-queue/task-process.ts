import { request } from '@slack-mcp/test-support/task-queue';
import { RedisTaskMessageQueue } from '../../src/task-queue/index.ts';

/**
 * Another process with the same queue: `enqueue <task> <id>` or `drain <task>`, which prints the ids of its messages.
 */
const [action, taskId = '', id = ''] = process.argv.slice(2);
await using queue = RedisTaskMessageQueue.fromEnv();
if (action === 'enqueue') await queue.enqueue(taskId, request(id));
if (action === 'drain') {
  const taken: unknown[] = [];
  for (let message = await queue.dequeue(taskId); message; message = await queue.dequeue(taskId)) {
    taken.push('id' in message.message && message.message.id);
  }
  process.stdout.write(JSON.stringify(taken));
}
