import {
  Client as NewerClient,
  StreamableHTTPClientTransport as NewerStreamableHttp,
} from '@modelcontextprotocol/client';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CallToolResultSchema, CreateTaskResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { namespace } from '@slack-mcp/brokers';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { expect, onTestFinished, test } from 'vitest';
import { openWorkspace, TOKENS } from '../../../../tooling/evals/src/fixture/open-workspace.ts';
import { type EvalRequest, readRequests } from '../../../../tooling/evals/src/request.ts';
import { createClient } from '../mcp/support/connect-client.ts';
import { startReplicas } from '../support/replicas.ts';

/** The call of a tool that no request uses. */
const COMMENTS: Pick<EvalRequest, 'id' | 'calls'> = {
  id: 'comments',
  calls: [{ tool: 'slack_read_comments', arguments: { file: 'F0CANVAS01' } }],
};

/** The shortest request that uses each tool. */
function requestsFor(tools: readonly string[]): readonly Pick<EvalRequest, 'id' | 'calls'>[] {
  const requests = [...readRequests('visible').toSorted((a, b) => a.calls.length - b.calls.length), COMMENTS];
  const found = tools.map((name) => requests.find(({ calls }) => calls.some(({ tool }) => tool === name)));
  return [...new Set(found.filter((request) => request !== undefined))];
}

describeWithBroker('redis', (broker) => {
  test('both official clients use every tool and tasks through three replicas', async () => {
    const simulator = await openWorkspace();
    onTestFinished(() => simulator.close());
    const { proxy } = await startReplicas({
      ...broker.env,
      REDIS_PREFIX: `${namespace('replicas')}:`,
      SLACK_MCP_TOOLSETS: 'all',
      SLACK_BOT_TOKEN: TOKENS.bot,
      SLACK_USER_TOKEN: TOKENS.user,
      SLACK_API_URL: simulator.url,
    });
    const url = new URL(`${proxy.url}/mcp`);

    const client = createClient();
    await client.connect(new StreamableHTTPClientTransport(url));
    onTestFinished(() => client.close());
    const newer = new NewerClient(
      { name: 'test', version: '0.0.0' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    );
    await newer.connect(new NewerStreamableHttp(url));
    onTestFinished(() => newer.close());

    const { tools } = await client.listTools();
    const names = tools.map(({ name }) => name);
    const used = new Set<string>();
    const failures: unknown[] = [];
    for (const [index, { id, calls }] of requestsFor(names).entries()) {
      for (const { tool: name, arguments: args } of calls) {
        used.add(name);
        const asked = { name, arguments: { ...args } };
        const { isError, content } = await (index % 2 === 0 ? client.callTool(asked) : newer.callTool(asked));
        if (isError) failures.push([id, name, content]);
      }
    }
    expect(failures).toEqual([]);
    expect(names.filter((name) => !used.has(name))).toEqual([]);

    const long = { name: 'slack_find', arguments: { query: 'releases' }, task: {} };
    const { task } = await client.request({ method: 'tools/call', params: long }, CreateTaskResultSchema);
    const result = await client.experimental.tasks.getTaskResult(task.taskId, CallToolResultSchema);
    expect(result.isError).toBeFalsy();
    expect(await client.experimental.tasks.getTask(task.taskId)).toMatchObject({ status: 'completed' });
    expect(proxy.served.every((count) => count > 0)).toBe(true);
  }, 180_000);
});
