import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { listen } from './listen.ts';
import type { TestWorkspace } from './start-workspace.ts';
import { stdioServerParameters } from './stdio-server.ts';

/** The transports to a server, by name. */
export const TRANSPORTS = ['Streamable HTTP', 'SSE', 'stdio'] as const;

/** Opens the transport with this name to the server of a workspace. */
export async function openTransport(
  name: (typeof TRANSPORTS)[number],
  at: TestWorkspace,
): Promise<{ transport: Transport } & AsyncDisposable> {
  if (name === 'stdio') {
    const transport = new StdioClientTransport({ ...stdioServerParameters(at.simulator.url), stderr: 'ignore' });
    return { transport, [Symbol.asyncDispose]: () => transport.close() };
  }
  const server = await listen({ host: at.host, logger: at.log });
  const transport =
    name === 'SSE'
      ? new SSEClientTransport(new URL('/mcp/sse', server.url))
      : new StreamableHTTPClientTransport(new URL('/mcp', server.url));
  return { transport: transport as unknown as Transport, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
