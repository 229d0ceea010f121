import {
  type ClientOptions,
  Client as NewerClient,
  SSEClientTransport as NewerSse,
  StreamableHTTPClientTransport as NewerStreamableHttp,
  type Transport as NewerTransport,
} from '@modelcontextprotocol/client';
import { StdioClientTransport as NewerStdio } from '@modelcontextprotocol/client/stdio';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { describe, expect, it } from 'vitest';
import { listen } from '../support/listen.ts';
import { startWorkspace } from '../support/start-workspace.ts';
import { stdioServerParameters } from '../support/stdio-server.ts';
import { exchange, type ProtocolClient } from './exchange.ts';

/** The addresses of the server. */
interface Place {
  /** Of the HTTP server, without a trailing slash. */
  url: string;
  /** How to start the server over stdio. */
  process: ReturnType<typeof stdioServerParameters> & { stderr: 'ignore' };
}
type TransportName = 'stdio' | 'Streamable HTTP' | 'SSE';

const INFO = { name: 'test', version: '0.0.0' };

/** A connected client, its revision, and how to close it. */
type Connect = (
  transport: TransportName,
  place: Place,
) => Promise<{ client: ProtocolClient; revision: string | undefined; close(): Promise<void> }>;

const older: Connect = async (name, { url, process }) => {
  const transports: Record<TransportName, () => Transport> = {
    stdio: () => new StdioClientTransport(process),
    'Streamable HTTP': () => new StreamableHTTPClientTransport(new URL(`${url}/mcp`)) as Transport,
    SSE: () => new SSEClientTransport(new URL(`${url}/mcp/sse`)),
  };
  const client = new Client(INFO);
  const transport = transports[name]();
  let revision: string | undefined;
  transport.setProtocolVersion = (version) => {
    revision = version;
  };
  await client.connect(transport);
  return { client, revision, close: () => client.close() };
};

const newer =
  (mode: NonNullable<ClientOptions['versionNegotiation']>['mode'] & {}): Connect =>
  async (name, { url, process }) => {
    const transports: Record<TransportName, () => NewerTransport> = {
      stdio: () => new NewerStdio(process),
      'Streamable HTTP': () => new NewerStreamableHttp(new URL(`${url}/mcp`)),
      SSE: () => new NewerSse(new URL(`${url}/mcp/sse`)),
    };
    const client = new NewerClient(INFO, { versionNegotiation: { mode } });
    await client.connect(transports[name]());
    return { client, revision: client.getNegotiatedProtocolVersion(), close: () => client.close() };
  };

const auto = newer('auto');
const pinned = newer({ pin: '2026-07-28' });

/** SSE has no revision since 2026-07-28: a client that requests it uses an older revision, or fails. */
const table: [client: string, TransportName, Connect, revision: string][] = [
  ['1.x', 'stdio', older, '2025-11-25'],
  ['1.x', 'Streamable HTTP', older, '2025-11-25'],
  ['1.x', 'SSE', older, '2025-11-25'],
  ['2.x by default', 'stdio', newer('legacy'), '2025-11-25'],
  ['2.x by default', 'Streamable HTTP', newer('legacy'), '2025-11-25'],
  ['2.x by default', 'SSE', newer('legacy'), '2025-11-25'],
  ['2.x on auto', 'stdio', auto, '2026-07-28'],
  ['2.x on auto', 'Streamable HTTP', auto, '2026-07-28'],
  ['2.x on auto', 'SSE', auto, '2025-11-25'],
  ['2.x pinned', 'stdio', pinned, '2026-07-28'],
  ['2.x pinned', 'Streamable HTTP', pinned, '2026-07-28'],
];

describe('the official TypeScript client', () => {
  it.each(table)('%s over %s lists, calls, reads and gets a prompt', { timeout: 30_000 }, async (...row) => {
    const [, name, connect, revision] = row;
    await using at = await startWorkspace();
    await using server = await listen({ host: at.host, logger: at.log });
    const { command, args, env } = stdioServerParameters(at.simulator.url);
    const connected = await connect(name, { url: server.url, process: { command, args, env, stderr: 'ignore' } });
    expect(connected.revision).toBe(revision);
    const seen = await exchange(connected.client);
    expect(seen.tools).toEqual(at.host.tools.map((tool) => tool.name));
    expect(seen.texts.length).toBeGreaterThan(0);
    expect(seen.resource).toHaveProperty('emoji.shipit');
    expect(seen.prompt).toContain('channel = "general"');
    await connected.close();
  });
});
