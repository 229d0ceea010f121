import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CallToolResultSchema,
  ElicitRequestSchema,
  type ElicitResult,
  type Task,
} from '@modelcontextprotocol/sdk/types.js';
import { onTestFinished } from 'vitest';

/** The question that the client's user gets. */
export interface Question {
  readonly message: string;
  accept(content: Record<string, boolean>): void;
}

/** A running server. */
export interface TaskServer {
  readonly url: URL;
  stop(): Promise<void>;
}

type Env = Readonly<Record<string, string>>;

/** Starts a process that runs `serveTasks`. */
export async function startTaskServer(file: string, env: Env): Promise<TaskServer> {
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

/** Connects a client to a server. Returns it with the question that it receives. */
export async function connectCaller(
  { url }: TaskServer,
  caller: string,
): Promise<{ client: Client; question: Promise<Question> }> {
  const client = new Client({ name: 'test', version: '1.0.0' }, { capabilities: { elicitation: { form: {} } } });
  const question = Promise.withResolvers<Question>();
  client.setRequestHandler(ElicitRequestSchema, ({ params: { message } }) => {
    const { promise, resolve } = Promise.withResolvers<ElicitResult>();
    question.resolve({ message, accept: (content) => resolve({ action: 'accept', content }) });
    return promise;
  });
  const transport = new StreamableHTTPClientTransport(url, {
    requestInit: { headers: { 'x-caller': caller } },
  });
  await client.connect(transport as never);
  onTestFinished(() => client.close());
  return { client, question: question.promise };
}

/** Calls the tool. Returns its task, and the text of its result or the error that ends it. */
export function callTool(client: Client): { created: Promise<Task>; ended: Promise<string> } {
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
