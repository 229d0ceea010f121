import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { McpHost } from '../../../src/mcp/mcp-host.ts';

/** A client of the official SDK, not yet connected. */
export function createClient(): Client {
  return new Client({ name: 'test', version: '0.0.0' });
}

/** Connects a client to a host within the process. */
export async function connectClient(host: Pick<McpHost, 'createServer'>): Promise<Client> {
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  const client = createClient();
  const server = await host.createServer();
  await Promise.all([server.connect(theirs), client.connect(ours)]);
  return client;
}
