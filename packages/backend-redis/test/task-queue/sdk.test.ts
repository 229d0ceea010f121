import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CallToolResultSchema,
  ElicitRequestSchema,
  type ElicitResult,
  type Task,
} from '@modelcontextprotocol/sdk/types.js';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { freshPrefix, openQueue } from './fresh-tasks.ts';

/** The question that the client's user gets. */
interface Question {
  readonly message: string;
  accept(content: Record<string, boolean>): void;
}

type Env = Readonly<Record<string, string>>;

/** Starts a server process, which ends when its standard input closes. */
async function startServer(env: Env): Promise<{ url: URL; stop(): Promise<void> }> {
  const file = join(import.meta.dirname, 'task-server.ts');
  const server = spawn(process.execPath, ['--conditions=@slack-mcp/source', file], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(server, 'exit');
  const [port] = await Promise.race([
    once(server.stdout, 'data'),
    exited.then(([code]) => Promise.reject(new Error(`the server exited with ${code}`))),
  ]);
  return {
    url: new URL(`http://127.0.0.1:${Number(String(port))}/mcp`),
    stop: async () => {
      server.stdin.end();
      await exited;
    },
  };
}

describeWithBroker('redis', (broker) => {
  const prefix = freshPrefix();
  const env = { ...broker.env, REDIS_PREFIX: prefix };
  const servers: { url: URL; stop(): Promise<void> }[] = [];
  let callers = 0;

  beforeAll(async () => {
    servers.push(...(await Promise.all([startServer(env), startServer(env)])));
  });

  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  /** Connects a client to one of the two servers. Returns it with the question that it receives. */
  async function connect(server: 0 | 1, caller: string): Promise<{ client: Client; question: Promise<Question> }> {
    const client = new Client({ name: 'test', version: '1.0.0' }, { capabilities: { elicitation: { form: {} } } });
    const question = Promise.withResolvers<Question>();
    client.setRequestHandler(ElicitRequestSchema, ({ params: { message } }) => {
      const { promise, resolve } = Promise.withResolvers<ElicitResult>();
      question.resolve({ message, accept: (content) => resolve({ action: 'accept', content }) });
      return promise;
    });
    const transport = new StreamableHTTPClientTransport(servers[server]?.url as URL, {
      requestInit: { headers: { 'x-caller': caller } },
    });
    await client.connect(transport as never);
    onTestFinished(() => client.close());
    return { client, question: question.promise };
  }

  /** A caller that no other test uses. */
  function newCaller(): string {
    callers += 1;
    return `caller-${callers}`;
  }

  /** Calls the tool. Returns its task, and the text of its result or the error that ends it. */
  function callTool(client: Client): { created: Promise<Task>; ended: Promise<string> } {
    const created = Promise.withResolvers<Task>();
    const call = { name: 'export_channel', arguments: { channel: '#general' } };
    const stream = client.experimental.tasks.callToolStream(call, CallToolResultSchema, { task: { ttl: 60_000 } });
    const ended = (async () => {
      for await (const message of stream) {
        if (message.type === 'taskCreated') created.resolve(message.task);
        if (message.type === 'result') return JSON.stringify(message.result.content);
        if (message.type === 'error') return message.error.message;
      }
      return 'nothing';
    })();
    return { created: created.promise, ended };
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
