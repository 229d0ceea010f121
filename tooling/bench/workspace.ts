import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { silentLogger } from '../../packages/core/src/index.ts';
import { createMcpHost, type McpHost } from '../../packages/server/src/mcp/mcp-host.ts';
import { createToolService } from '../../packages/server/src/tools/tool-service.ts';
import { createSlackPort } from '../../packages/slack/src/create-slack-port.ts';
import type { BenchOptions } from './bench-options.ts';
import { compare, type Measurement } from './compare.ts';

const SESSIONS = 100;
const LARGE = { users: 250_000, channels: 50_000 };

/** The time that a client waits in a large workspace while its names are being read. */
export async function* workspace({ rounds }: BenchOptions): AsyncGenerator<Measurement> {
  for (const [metric, at] of [
    ['median', 0.5],
    ['p99', 0.99],
  ] as const) {
    yield await compare({
      bench: 'workspace',
      rounds,
      metric: `initialize and tools/list, ${LARGE.users} users and ${LARGE.channels} channels being read, ${metric}`,
      reference: 'a workspace with nothing to read',
      unit: 'ms',
      better: 'less',
      ours: () => sessionsIn(LARGE, at),
      theirs: () => sessionsIn({ users: 0, channels: 0 }, at),
    });
  }
}

/** A percentile of the milliseconds from connecting to the list of tools. */
async function sessionsIn(crowd: typeof LARGE, percentile: number): Promise<number> {
  const thread = new Worker(new URL('./workspace/simulator-thread.ts', import.meta.url), { workerData: { crowd } });
  const [apiUrl] = (await once(thread, 'message')) as [string];
  const slack = createSlackPort({ token: 'xoxb-benchmark', apiUrl });
  const tools = createToolService({ slack, logger: silentLogger });
  const host = createMcpHost({ tools, logger: silentLogger, version: '1.0.0' });
  // These calls read the names of channels and users.
  const reading = Promise.all([
    tools.callTool('slack_read_channel_messages', { channel: 'no such channel' }),
    tools.callTool('slack_read_channel_messages', { channel: '@no such user' }),
  ]);
  const times: number[] = [];
  for (let session = 0; session < SESSIONS; session += 1) times.push(await begin(host));
  times.sort((a, b) => a - b);
  await tools.close();
  await host.close();
  await reading;
  await thread.terminate();
  return times[Math.floor(times.length * percentile)] ?? Number.NaN;
}

async function begin(host: McpHost): Promise<number> {
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'benchmark', version: '1.0.0' });
  const started = performance.now();
  const server = await host.createServer();
  await Promise.all([server.connect(theirs), client.connect(ours)]);
  await client.listTools();
  const taken = performance.now() - started;
  await client.close();
  return taken;
}
