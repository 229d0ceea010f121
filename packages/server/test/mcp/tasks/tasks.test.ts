import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  type CallToolResult,
  CallToolResultSchema,
  CreateTaskResultSchema,
  type Task,
  TaskStatusNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { openTaskQueues as openMemory } from '@slack-mcp/backend-memory/task-queue';
import { openTaskQueues as openRedis } from '@slack-mcp/backend-redis/task-queue';
import { namespace } from '@slack-mcp/brokers';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { createSlackPort } from '@slack-mcp/slack';
import { type CapturedLog, capturedLog, json, unrulySlack } from '@slack-mcp/test-support';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openHost, type TestHost, type TestHostOptions } from '../../support/open-host.ts';
import { connectClient } from '../support/connect-client.ts';

const READ = { name: 'slack_read_channel_messages', arguments: { channel: 'C0123456789' } };
const DEADLINE = { timeout: 20_000 };

interface At {
  readonly host: TestHost;
  readonly log: CapturedLog;
  /** Answers of Slack, in order of its calls, that are withheld until the test releases them. */
  readonly asked: ServerResponse[];
}

/** A host whose Slack responds when the test lets it; calls wait longer than any test. */
async function start(options: Partial<TestHostOptions> = {}): Promise<At> {
  const asked: ServerResponse[] = [];
  const slack = await unrulySlack((response) => asked.push(response));
  const log = capturedLog();
  const host = openHost({
    slack: createSlackPort({ token: 'xoxb-simulated', apiUrl: slack.url, logger: log, timeoutMs: 300_000 }),
    logger: log,
    version: '1.2.3',
    openTaskQueues: async () => openMemory({}),
    ...options,
  });
  onTestFinished(async () => {
    await host.close();
    await slack[Symbol.asyncDispose]();
  });
  return { host, log, asked };
}

const answer = (response: ServerResponse | undefined, text: string): void => {
  if (response === undefined) throw new Error('Slack was not called.');
  const messages = [{ type: 'message', ts: '1700000000.000100', text }];
  json({ ok: true, messages, has_more: false })(response, { method: '', args: new URLSearchParams(), headers: {} });
};

const begin = async (client: Client, call: object = READ, ttl?: number): Promise<Task> => {
  const params = { ...READ, ...call, task: ttl === undefined ? {} : { ttl } };
  return (await client.request({ method: 'tools/call', params }, CreateTaskResultSchema)).task;
};

const resultOf = async (client: Client, { taskId }: Task): Promise<CallToolResult> =>
  (await client.experimental.tasks.getTaskResult(taskId, CallToolResultSchema)) as CallToolResult;

const statusOf = async (client: Client, { taskId }: Task): Promise<string> =>
  (await client.experimental.tasks.getTask(taskId)).status;

/** The behavior that every task store must have. */
function behaviour(options: () => Partial<TestHostOptions>): void {
  it('is reported at once, runs, and returns its result to a waiting client', async () => {
    const { host, asked } = await start(options());
    const client = await connectClient(host);
    const told: Task[] = [];
    client.setNotificationHandler(TaskStatusNotificationSchema, ({ params }) => void told.push(params));
    const task = await begin(client);
    expect(task).toMatchObject({ status: 'working', ttl: 3_600_000 });
    const result = resultOf(client, task);
    await expect.poll(() => asked.length, DEADLINE).toBe(1);
    expect(await statusOf(client, task)).toBe('working');
    answer(asked[0], 'Found it');
    expect((await result).structuredContent).toMatchObject({ messages: [{ text: 'Found it' }] });
    expect(await statusOf(client, task)).toBe('completed');
    await expect.poll(() => told, DEADLINE).toMatchObject([{ taskId: task.taskId, status: 'completed' }]);
    const { tasks } = await client.experimental.tasks.listTasks();
    expect(tasks.map(({ taskId }) => taskId)).toEqual([task.taskId]);
  });

  it('that is cancelled aborts its call to Slack, and stays cancelled', async () => {
    const { host, asked } = await start(options());
    const client = await connectClient(host);
    const task = await begin(client);
    await expect.poll(() => asked.length, DEADLINE).toBe(1);
    const ended = once(asked[0] as ServerResponse, 'close');
    expect(await client.experimental.tasks.cancelTask(task.taskId)).toMatchObject({ status: 'cancelled' });
    await ended;
    expect(await statusOf(client, task)).toBe('cancelled');
    await expect(client.experimental.tasks.cancelTask(task.taskId)).rejects.toMatchObject({ code: -32602 });
  });

  it('that fails reports the reason, like a call without a task', async () => {
    const { host, asked } = await start(options());
    const client = await connectClient(host);
    const task = await begin(client);
    await expect.poll(() => asked.length, DEADLINE).toBe(1);
    const response = asked[0] as ServerResponse;
    json({ ok: false, error: 'channel_not_found' })(response, { method: '', args: new URLSearchParams(), headers: {} });
    expect(await resultOf(client, task)).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('channel_not_found') }],
    });
    const { tasks } = await client.experimental.tasks.listTasks();
    expect(tasks[0]).toMatchObject({ status: 'failed', statusMessage: expect.stringContaining('channel_not_found') });
  });

  it('belongs only to its session', async () => {
    const { host, asked } = await start(options());
    const [mine, other] = [await connectClient(host), await connectClient(host)];
    const task = await begin(mine);
    await expect.poll(() => asked.length, DEADLINE).toBe(1);
    expect((await other.experimental.tasks.listTasks()).tasks).toEqual([]);
    await expect(statusOf(other, task)).rejects.toMatchObject({ code: -32602 });
    await expect(other.experimental.tasks.cancelTask(task.taskId)).rejects.toMatchObject({ code: -32602 });
    await expect(resultOf(other, task)).rejects.toMatchObject({ code: -32602 });
    answer(asked[0], 'Mine');
    expect((await resultOf(mine, task)).isError).toBeUndefined();
  });

  it('ends with its session, and with the server', async () => {
    const { host, asked } = await start(options());
    const [gone, staying] = [await connectClient(host), await connectClient(host)];
    await begin(gone);
    await begin(staying);
    await expect.poll(() => asked.length, DEADLINE).toBe(2);
    const ended = asked.map((response) => once(response, 'close'));
    await gone.close();
    await ended[0];
    expect(await host.close()).toBeUndefined();
    await ended[1];
  });
}

describe('a task in memory', () => behaviour(() => ({})));

describeWithBroker('redis', (broker) => {
  const env = { ...broker.env, REDIS_PREFIX: `${namespace('tasks')}:` };
  describe('a task in Redis', () => {
    behaviour(() => ({ openTaskQueues: async () => openRedis(env) }));

    it('that its server did not finish is reported as failed, with the reason', async () => {
      const at = await start({ openTaskQueues: async () => openRedis(env) });
      const client = await connectClient(at.host);
      const task = await begin(client);
      await expect.poll(() => at.asked.length, DEADLINE).toBe(1);
      await at.host.close();
      const { store, close } = openRedis(env);
      expect(await store.getTask(task.taskId)).toMatchObject({
        status: 'failed',
        statusMessage: expect.stringContaining('shut down'),
      });
      expect(await store.getTaskResult(task.taskId)).toMatchObject({ isError: true });
      await close();
    });
  });
});

describe('the task store', () => {
  it('reports an error while it is unavailable, and blocks no tool', async () => {
    const env = { REDIS_URL: 'redis://127.0.0.1:1', REDIS_TIMEOUT_MS: '300' };
    const { host, log, asked } = await start({ openTaskQueues: async () => openRedis(env) });
    const client = await connectClient(host);
    await expect(begin(client)).rejects.toMatchObject({
      code: -32603,
      message: expect.stringContaining('without a task'),
    });
    await expect(client.experimental.tasks.getTask('0'.repeat(32))).rejects.toMatchObject({ code: -32603 });
    expect(log.lines.map(({ event }) => event)).toContain('mcp_tasks_unavailable');
    const result = client.callTool(READ);
    await expect.poll(() => asked.length, DEADLINE).toBe(1);
    answer(asked[0], 'Without a task');
    expect((await result).isError).toBeUndefined();
  });

  it('is not opened before it is needed', async () => {
    let opened = 0;
    const { host } = await start({
      openTaskQueues: async () => {
        opened += 1;
        throw new Error('never');
      },
    });
    const client = await connectClient(host);
    await client.listTools();
    expect(opened).toBe(0);
  });

  it('runs a limited number of tasks at once', async () => {
    const { host, asked } = await start();
    let running = 0;
    // Each session may have as many as it leaves to others; these sessions leave nothing.
    for (const expected of [50, 25, 13, 6, 3, 2, 1, 0]) {
      const client = await connectClient(host);
      const made = await Promise.allSettled(Array.from({ length: 101 - running }, () => begin(client)));
      const refused = made.filter(({ status }) => status === 'rejected');
      for (const { reason } of refused as PromiseRejectedResult[]) {
        expect(reason).toMatchObject({ code: -32603, message: expect.stringContaining('Too many tasks') });
      }
      expect(made.length - refused.length).toBe(expected);
      running += expected;
    }
    expect(running).toBe(100);
    await expect.poll(() => asked.length, DEADLINE).toBe(100);
  });
});

describe('a tool that can run as a task', () => {
  it('is marked in the list, and no other tool is', async () => {
    const { host, asked } = await start();
    const client = await connectClient(host);
    const { tools } = await client.listTools();
    const optional = tools.filter(({ execution }) => execution?.taskSupport === 'optional').map(({ name }) => name);
    expect(optional).toEqual([
      'slack_read_channel_messages',
      'slack_read_thread_messages',
      'slack_read_file',
      'slack_find',
    ]);
    expect(host.tools.some((tool) => 'execution' in tool)).toBe(false);
    await expect(begin(client, { name: 'slack_read_emojis', arguments: {} })).rejects.toMatchObject({ code: -32601 });
    await expect(begin(client, { name: 'nothing' })).rejects.toMatchObject({ code: -32601 });
    expect(asked).toEqual([]);
  });

  it.each([
    [null, /task: expected an object.*got null/],
    [true, /task: expected an object.*boolean/],
    [5, /task: expected an object.*number/],
    [[], /task: expected an object.*array/],
    [{ ttl: 'x' }, /task\.ttl: expected whole milliseconds.*string/],
    [{ ttl: {} }, /task\.ttl: .*object/],
    [{ ttl: -1 }, /task\.ttl: .*got -1/],
    [{ ttl: 0 }, /task\.ttl: .*got 0/],
    [{ ttl: 1.5 }, /task\.ttl: .*got 1\.5/],
  ])('is rejected as %j, and the error names the problem', async (task, message) => {
    const { host, asked } = await start();
    const client = await connectClient(host);
    const call = client.request({ method: 'tools/call', params: { ...READ, task } as never }, CreateTaskResultSchema);
    await expect(call).rejects.toMatchObject({ code: -32602, message: expect.stringMatching(message) });
    expect(asked).toEqual([]);
  });

  it('is kept for as long as the client requests, up to a day', async () => {
    const { host } = await start();
    const client = await connectClient(host);
    expect(await begin(client, {}, 5_000)).toMatchObject({ ttl: 5_000 });
    expect(await begin(client, {}, 1e15)).toMatchObject({ ttl: 86_400_000 });
    const params = { ...READ, task: { ttl: null } } as never;
    const endless = await client.request({ method: 'tools/call', params }, CreateTaskResultSchema);
    expect(endless.task).toMatchObject({ ttl: 86_400_000 });
  });
});
