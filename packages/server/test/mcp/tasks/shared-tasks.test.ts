import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type CallToolResult, CallToolResultSchema, CreateTaskResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { openTaskQueues as openMemory } from '@slack-mcp/backend-memory/task-queue';
import { openTaskQueues as openRedis } from '@slack-mcp/backend-redis/task-queue';
import { namespace } from '@slack-mcp/brokers';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { createSlackPort } from '@slack-mcp/slack';
import { capturedLog, json, unrulySlack } from '@slack-mcp/test-support';
import { expect, onTestFinished, test } from 'vitest';
import type { McpTaskQueues } from '../../../src/mcp/tasks/task-queues.ts';
import { Tasks } from '../../../src/mcp/tasks/tasks.ts';
import type { ToolResult } from '../../../src/tools/tool-result.ts';
import { openHost } from '../../support/open-host.ts';
import { startRoundRobinProxy } from '../../support/round-robin-proxy.ts';
import { createClient } from '../support/connect-client.ts';
import { listen } from '../support/listen.ts';

const READ = { name: 'slack_read_channel_messages', arguments: { channel: 'C0123456789' } };
const DEADLINE = { timeout: 30_000 };

/** Two servers without sessions behind a load balancer, and a client that reaches them in turn. */
async function twoServers(open: () => McpTaskQueues) {
  const asked: ServerResponse[] = [];
  const slack = await unrulySlack((response, { method }) => {
    if (method === 'conversations.history') asked.push(response);
    else json({ ok: false, error: 'not_needed' })(response, { method, args: new URLSearchParams(), headers: {} });
  });
  onTestFinished(() => slack[Symbol.asyncDispose]());
  const servers = [];
  for (let index = 0; index < 2; index += 1) {
    const logger = capturedLog();
    const host = openHost({
      slack: createSlackPort({ token: 'xoxb-simulated', apiUrl: slack.url, logger, timeoutMs: 300_000 }),
      logger,
      version: '1.2.3',
      openTaskQueues: async () => open() as never,
    });
    const server = await listen({ host, logger, sessions: 'stateless' });
    onTestFinished(async () => {
      await host.close();
      await server[Symbol.asyncDispose]();
    });
    servers.push(server);
  }
  const proxy = await startRoundRobinProxy(servers.map(({ url }) => url));
  const client = createClient();
  await client.connect(new StreamableHTTPClientTransport(new URL(`${proxy.url}/mcp`)) as unknown as Transport);
  onTestFinished(() => client.close());
  return { client, asked, served: proxy.served };
}

const begin = async (client: Client): Promise<string> => {
  const params = { ...READ, task: {} };
  return (await client.request({ method: 'tools/call', params }, CreateTaskResultSchema)).task.taskId;
};

const answer = (response: ServerResponse | undefined, text: string): void => {
  if (response === undefined) throw new Error('Slack was not called.');
  const messages = [{ type: 'message', ts: '1700000000.000100', text }];
  json({ ok: true, messages, has_more: false })(response, { method: '', args: new URLSearchParams(), headers: {} });
};

test('servers without sessions offer no tasks if each has its own', async () => {
  const { client } = await twoServers(() => openMemory({}) as McpTaskQueues);
  expect(client.getServerCapabilities()).not.toHaveProperty('tasks');
});

describeWithBroker('redis', (broker) => {
  const env = { ...broker.env, REDIS_PREFIX: `${namespace('shared-tasks')}:` };
  const open = (): McpTaskQueues => openRedis(env) as McpTaskQueues;

  test('any server reports a task, returns its result and cancels it', async () => {
    const { client, asked, served } = await twoServers(open);
    expect(client.getServerCapabilities()).toHaveProperty('tasks');
    const taskId = await begin(client);
    await expect.poll(() => asked.length, DEADLINE).toBe(1);
    for (let round = 0; round < 4; round += 1) {
      expect(await client.experimental.tasks.getTask(taskId)).toMatchObject({ status: 'working' });
    }
    const results = [1, 2].map(() => client.experimental.tasks.getTaskResult(taskId, CallToolResultSchema));
    answer(asked[0], 'Found it');
    for (const result of await Promise.all(results)) {
      expect(JSON.stringify((result as CallToolResult).content)).toContain('Found it');
    }
    expect(Math.min(...served)).toBeGreaterThan(2);

    const cancelled = await begin(client);
    await expect.poll(() => asked.length, DEADLINE).toBe(2);
    const ended = once(asked[1] as ServerResponse, 'close');
    // One of two servers in turn did not start the task.
    expect(await client.experimental.tasks.getTask(cancelled)).toMatchObject({ status: 'working' });
    expect(await client.experimental.tasks.cancelTask(cancelled)).toMatchObject({ status: 'cancelled' });
    await ended;
    // All callers without authentication look the same.
    expect((await client.experimental.tasks.listTasks()).tasks).toEqual([]);
  }, 60_000);

  test('a task belongs to its caller, also at another server', async () => {
    const shared = (caller: string | undefined) =>
      new Tasks({ open: async () => open(), isLong: () => true, logger: capturedLog() }).shared(caller);
    const [here, there, other] = [await shared('ada'), await shared('ada'), await shared('bob')];
    const run = async (): Promise<ToolResult> => ({ content: [{ type: 'text', text: 'done' }] });
    const request = { ttl: undefined, run, caller: 'ada', notify: async () => {} };
    const { taskId } = (await here?.start(request)) ?? {};
    await expect.poll(async () => (await there?.store.getTask(String(taskId)))?.status, DEADLINE).toBe('completed');
    expect((await there?.store.listTasks())?.tasks.map((task) => task.taskId)).toEqual([taskId]);
    expect(await other?.store.getTask(String(taskId))).toBeNull();
    expect((await other?.store.listTasks())?.tasks).toEqual([]);
  });

  test('a task of a server that died counts as failed, with what to do', async () => {
    const store = { open: async () => open(), isLong: () => true, logger: capturedLog() };
    const dead = await new Tasks(store).shared('ada');
    // No server runs this task: it was created as the one that died created it.
    const task = await dead?.store.createTask({ ttl: 60_000 }, 0, { method: 'tools/call' });
    const patient = await new Tasks(store).shared('ada');
    expect(await patient?.store.getTask(String(task?.taskId))).toMatchObject({ status: 'working' });
    const other = await new Tasks({ ...store, lostAfterMs: 1 }).shared('ada');
    await expect.poll(async () => (await other?.store.getTask(String(task?.taskId)))?.status, DEADLINE).toBe('failed');
    expect(await patient?.store.getTaskResult(String(task?.taskId))).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('Call the tool again') }],
    });
  });
});
