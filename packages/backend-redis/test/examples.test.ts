import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { expect, onTestFinished, test, vi } from 'vitest';
import { freshPrefix } from './fresh-backend.ts';

/** Loads a separate copy of the example, as another process would. */
async function load(copy: string): Promise<typeof import('./examples/tasks.ts')> {
  const file: string = `./examples/tasks.ts?${copy}`;
  const example = (await import(file)) as typeof import('./examples/tasks.ts');
  onTestFinished(async () => {
    await example.taskStore.close();
    await example.taskMessageQueue.close();
  });
  return example;
}

describeWithBroker('redis', (broker) => {
  test('reads a task of one README server at another', async () => {
    vi.stubEnv('REDIS_URL', broker.url);
    vi.stubEnv('REDIS_PREFIX', freshPrefix());
    onTestFinished(() => void vi.unstubAllEnvs());
    const [one, other] = [await load('one'), await load('other')];
    const connect = async ({ createMcpServer }: typeof one): Promise<Client> => {
      const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
      const server = createMcpServer();
      const client = new Client({ name: 'test', version: '1.0.0' });
      await Promise.all([server.connect(serverSide as never), client.connect(clientSide as never)]);
      onTestFinished(() => client.close());
      return client;
    };
    const call = { name: 'export_channel', arguments: { channel: '#general' } };
    const content = [{ type: 'text', text: 'exported #general' }];
    const stream = (await connect(one)).experimental.tasks.callToolStream(call, CallToolResultSchema, { task: {} });
    let taskId = '';
    for await (const message of stream) {
      if (message.type === 'taskCreated') taskId = message.task.taskId;
      if (message.type === 'error') throw message.error;
      if (message.type === 'result') expect(message.result.content).toEqual(content);
    }
    const { tasks } = (await connect(other)).experimental;
    expect(await tasks.getTask(taskId)).toMatchObject({ taskId, status: 'completed' });
    expect((await tasks.getTaskResult(taskId, CallToolResultSchema)).content).toEqual(content);
  });
});
