import type { SlackPort } from '@slack-mcp/slack';
import { capturedLog } from '@slack-mcp/test-support';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createMcpHost } from '../../src/mcp/mcp-host.ts';
import { defineTool } from '../../src/tools/define-tool.ts';
import { createToolRegistry } from '../../src/tools/registry.ts';
import { createToolService } from '../../src/tools/tool-service.ts';
import { connectClient } from './support/connect-client.ts';

const untouchable: SlackPort = {
  async call(method) {
    throw new Error(`${method} was called`);
  },
};

it('builds the schemas of the tools when a client lists them, not when a session starts', async () => {
  let built = 0;
  const tool = defineTool({
    name: 'slack_count',
    title: 'Count',
    description: 'Counts its schemas.',
    input: () => {
      built += 1;
      return z.object({ text: z.string() });
    },
    output: () => z.object({}),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
    scopes: [],
    run: async () => ({}),
  });
  const instructions = ['Call slack_count to count.'];
  const registry = createToolRegistry([
    { id: 'counting', description: 'Counts.', default: true, instructions, tools: [tool] },
  ]);
  const logger = capturedLog();
  const tools = createToolService({ slack: untouchable, registry, logger });
  const host = createMcpHost({ tools, version: '1.2.3', logger });
  const client = await connectClient(host);
  expect(client.getInstructions()).toContain('Call slack_count to count.');
  expect((await client.listPrompts()).prompts).toEqual([]);
  expect(built).toBe(0);
  const [listed] = (await client.listTools()).tools;
  expect(listed?.inputSchema.properties).toMatchObject({ text: { type: 'string' } });
  expect(built).toBe(1);
  await host.close();
  await tools.close();
});
