import { join } from 'node:path';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { expect, onTestFinished, test } from 'vitest';
import {
  callTool,
  connectCaller,
  startTaskServer,
  type TaskServer,
} from '../../../backend-redis/test/task-queue/task-client.ts';
import { freshPrefix, openQueue } from './fresh-tasks.ts';

const content = [{ type: 'text', text: '#general: accept {"ok":true}' }];

describeWithBroker('redis', (redis) => {
  describeWithBroker('rabbitmq', (rabbitmq) => {
    async function start(prefix: string): Promise<TaskServer> {
      const prefixes = { RABBITMQ_PREFIX: prefix, REDIS_PREFIX: prefix };
      const file = join(import.meta.dirname, 'task-server.ts');
      const server = await startTaskServer(file, { ...rabbitmq.env, ...redis.env, ...prefixes });
      onTestFinished(() => server.stop());
      return server;
    }

    test('elicits inside a task, and returns its result after a restart of the server', async () => {
      const prefix = freshPrefix();
      const first = await start(prefix);
      const { client, question } = await connectCaller(first, 'caller');
      const { created, ended } = callTool(client);
      const { taskId } = await created;
      const { message, accept } = await question;
      expect(message).toBe('Export #general?');
      accept({ ok: true });
      expect(await ended).toBe(JSON.stringify(content));
      await client.close();
      await first.stop();

      const { tasks } = (await connectCaller(await start(prefix), 'caller')).client.experimental;
      expect(await tasks.getTask(taskId)).toMatchObject({ taskId, status: 'completed' });
      expect((await tasks.getTaskResult(taskId, CallToolResultSchema)).content).toEqual(content);
    });

    test('answers for a task at one server while another one runs it', async () => {
      const prefix = freshPrefix();
      const [one, two] = await Promise.all([start(prefix), start(prefix)]);
      const { client, question } = await connectCaller(one, 'caller');
      const { tasks } = (await connectCaller(two, 'caller')).client.experimental;
      const { created, ended } = callTool(client);
      const { taskId } = await created;
      const { accept } = await question;
      const reading = tasks.getTaskResult(taskId, CallToolResultSchema);
      accept({ ok: true });
      expect(await ended).toBe(JSON.stringify(content));
      expect((await reading).content).toEqual(content);
    });

    test('removes the messages of a cancelled task', async () => {
      const prefix = freshPrefix();
      const { client, question } = await connectCaller(await start(prefix), 'caller');
      const { created, ended } = callTool(client);
      const { taskId } = await created;
      await question;
      const { tasks } = client.experimental;
      expect(await tasks.cancelTask(taskId)).toMatchObject({ taskId, status: 'cancelled' });
      await ended;
      expect(await openQueue({ url: rabbitmq.url, prefix }).isEmpty(taskId)).toBe(true);
    });
  });
});
