import { setTimeout as sleep } from 'node:timers/promises';
import { INITIALIZE, MCP_HEADERS } from '../mcp-handshake.ts';
import { percentile } from './event-books.ts';

/** What became of the MCP calls of a load run. */
export interface McpReport {
  readonly calls: number;
  readonly failed: number;
  readonly p99Ms: number;
  /** The first failure. */
  readonly failure?: string;
}

const ANSWER_MS = 10_000;

/** Calls a tool that reads Slack, one call at a time in one session, until `end`. */
export async function startMcpCalls(address: string, perSecond: number): Promise<{ end(): Promise<McpReport> }> {
  const latencies: number[] = [];
  let failed = 0;
  let failure: string | undefined;
  let ended = false;

  async function post(message: object, session?: string): Promise<Response> {
    const headers = { ...MCP_HEADERS, ...(session !== undefined && { 'mcp-session-id': session }) };
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    return fetch(`${address}/mcp`, { method: 'POST', headers, body, signal: AbortSignal.timeout(ANSWER_MS) });
  }

  const opened = await post(INITIALIZE);
  await opened.text();
  const session = opened.headers.get('mcp-session-id') ?? undefined;
  await (await post({ method: 'notifications/initialized' }, session)).text();

  async function call(id: number): Promise<void> {
    const params = { name: 'slack_read_channel_messages', arguments: { channel: 'general', limit: 5 } };
    const started = performance.now();
    try {
      const response = await post({ id, method: 'tools/call', params }, session);
      const text = await response.text();
      if (!response.ok || !text.includes('"result"') || text.includes('"isError":true')) {
        throw new Error(`${response.status} ${text.slice(0, 300)}`);
      }
      latencies.push(performance.now() - started);
    } catch (error) {
      failed += 1;
      failure ??= (error as Error).message;
    }
  }

  const calling = (async () => {
    for (let id = 1; !ended; id += 1) {
      await call(id);
      await sleep(1_000 / perSecond);
    }
  })();

  return {
    async end() {
      ended = true;
      await calling;
      const calls = latencies.length + failed;
      return { calls, failed, p99Ms: percentile(latencies, 0.99), ...(failure !== undefined && { failure }) };
    },
  };
}
