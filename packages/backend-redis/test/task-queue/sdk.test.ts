import { join } from 'node:path';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshPrefix, openQueue } from './fresh-tasks.ts';
import { callTool, connectCaller, startTaskServer, type TaskServer } from './task-client.ts';

describeWithBroker('redis', (broker) => {
  const prefix = freshPrefix();
  const env = { ...broker.env, REDIS_PREFIX: prefix };
  const servers: TaskServer[] = [];
  let callers = 0;

  beforeAll(async () => {
    const start = (): Promise<TaskServer> => startTaskServer(join(import.meta.dirname, 'task-server.ts'), env);
    servers.push(...(await Promise.all([start(), start()])));
  });

  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  const connect = (server: 0 | 1, caller: string): ReturnType<typeof connectCaller> =>
    connectCaller(servers[server] as TaskServer, caller);

  /** A caller that no other test uses. */
  function newCaller(): string {
    callers += 1;
    return `caller-${callers}`;
  }

  test('reads a task at one server that was created and answered at the other', async () => {
    const caller = newCaller();
    const one = await connect(0, caller);
    const { tasks } = (await connect(1, caller)).client.experimental;
    const { created, ended } = callTool(one.client);
    const { taskId } = await created;
    const question = await one.question;
    expect(question.message).toBe('Export #general?');
    expect(await tasks.getTask(taskId)).toMatchObject({ taskId, status: 'input_required', ttl: 60_000 });
    const reading = tasks.getTaskResult(taskId, CallToolResultSchema);
    question.accept({ ok: true });
    const content = [{ type: 'text', text: '#general: accept {"ok":true}' }];
    expect(await ended).toBe(JSON.stringify(content));
    expect((await reading).content).toEqual(content);
    expect(await tasks.getTask(taskId)).toMatchObject({ taskId, status: 'completed' });
    expect((await tasks.listTasks()).tasks.map((task) => task.taskId)).toEqual([taskId]);
  });

  test('hides a task from another caller at both servers', async () => {
    const { client } = await connect(0, newCaller());
    const { created, ended } = callTool(client);
    const { taskId } = await created;
    for (const server of [0, 1] as const) {
      const { tasks } = (await connect(server, newCaller())).client.experimental;
      await expect(tasks.getTask(taskId)).rejects.toThrow(/not found/i);
      await expect(tasks.getTaskResult(taskId, CallToolResultSchema)).rejects.toThrow(/not found/i);
      await expect(tasks.cancelTask(taskId)).rejects.toThrow(/not found/i);
      expect((await tasks.listTasks()).tasks).toEqual([]);
    }
    expect(await client.experimental.tasks.cancelTask(taskId)).toMatchObject({ status: 'cancelled' });
    await ended;
  });

  test('keeps a task cancelled that was cancelled at the other server', async () => {
    const caller = newCaller();
    const one = await connect(0, caller);
    const { tasks } = (await connect(1, caller)).client.experimental;
    const { created, ended } = callTool(one.client);
    const { taskId } = await created;
    const question = await one.question;
    expect(await tasks.cancelTask(taskId)).toMatchObject({ taskId, status: 'cancelled' });
    question.accept({ ok: true });
    expect(await ended).toMatch(/cancelled|has no result/);
    await expect(tasks.cancelTask(taskId)).rejects.toThrow(/terminal/);
    expect(await one.client.experimental.tasks.getTask(taskId)).toMatchObject({ status: 'cancelled' });
    expect(await openQueue({ url: broker.url, prefix }).isEmpty(taskId)).toBe(true);
  });
});
