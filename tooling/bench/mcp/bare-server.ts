import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { z } from 'zod';
import { reportUsage } from './report-usage.ts';

/** The SDK's server and transport with sessions, and nothing else. Serves one tool, selected by name. */
const [apiUrl = '', tool = 'echo'] = process.argv.slice(2);

const echo = { inputSchema: { text: z.string() }, outputSchema: { text: z.string() } };
const history = { inputSchema: { channel: z.string() } };
const transports = new Map<string, StreamableHTTPServerTransport>();

function createMcpServer(): McpServer {
  const server = new McpServer({ name: 'bare', version: '1.0.0' });
  if (tool === 'echo') {
    server.registerTool('echo', { description: 'Repeats the text.', ...echo }, async ({ text }) => ({
      content: [{ type: 'text', text }],
      structuredContent: { text },
    }));
  } else {
    server.registerTool('history', { description: "Returns Slack's answer.", ...history }, async ({ channel }) => {
      const response = await fetch(`${apiUrl}conversations.history`, {
        method: 'POST',
        headers: {
          authorization: 'Bearer xoxb-benchmark',
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ channel, limit: '100' }).toString(),
      });
      return { content: [{ type: 'text', text: await response.text() }] };
    });
  }
  return server;
}

async function open(): Promise<StreamableHTTPServerTransport> {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => void transports.set(id, transport),
  });
  await createMcpServer().connect(transport as unknown as Transport);
  return transport;
}

async function read(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return JSON.parse(Buffer.concat(pieces).toString());
}

const server = createServer(async (request, response) => {
  const body = await read(request);
  const transport = transports.get(String(request.headers['mcp-session-id'])) ?? (await open());
  await transport.handleRequest(request, response, body);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
reportUsage();
process.send?.({ port: (server.address() as AddressInfo).port });
