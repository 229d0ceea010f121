import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { INITIALIZE, MCP_HEADERS } from '../mcp-handshake.ts';

/** MCP clients with a session and an open stream each. */
export interface Agents {
  /** Calls a tool in the session of each agent, one agent after the other. */
  call(name: string, args: object): Promise<void>;
  close(): void;
}

/** Connects `count` MCP clients to a server. */
export async function connectAgents(address: string, count: number): Promise<Agents> {
  const agent = new Agent({ keepAlive: true });
  const streams: ClientRequest[] = [];

  async function send(method: string, message: object | undefined, session?: string): Promise<IncomingMessage> {
    const headers = { ...MCP_HEADERS, ...(session !== undefined && { 'mcp-session-id': session }) };
    const sent = request(`${address}/mcp`, { method, headers, ...(message && { agent }) });
    sent.end(message && JSON.stringify({ jsonrpc: '2.0', ...message }));
    if (!message) streams.push(sent);
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    sent.once('response', resolve).once('error', reject);
    return promise;
  }
  async function post(message: object, session?: string): Promise<{ session: string; text: string }> {
    const response = await send('POST', message, session);
    const text = (await response.toArray()).join('');
    if ((response.statusCode ?? 500) >= 300) throw new Error(`the server answered ${response.statusCode}: ${text}`);
    return { session: String(response.headers['mcp-session-id']), text };
  }
  async function connect(): Promise<string> {
    const { session } = await post(INITIALIZE);
    await post({ method: 'notifications/initialized' }, session);
    (await send('GET', undefined, session)).resume().on('error', () => {});
    return session;
  }

  const sessions: string[] = [];
  while (sessions.length < count) sessions.push(await connect());
  return {
    async call(name, args) {
      for (const session of sessions) {
        const { text } = await post({ id: 1, method: 'tools/call', params: { name, arguments: args } }, session);
        if (!text.includes('"result"') || text.includes('"isError":true')) throw new Error(text.slice(0, 300));
      }
    },
    close() {
      for (const stream of streams) stream.destroy();
      agent.destroy();
    },
  };
}
