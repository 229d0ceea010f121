import { type Exchange, openExchange } from '../http-exchange.ts';

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'load', version: '1.0.0' } },
};

/** Opens a session on a connection of its own. */
export async function openSession(port: number): Promise<{ exchange: Exchange; id: string }> {
  const exchange = await openExchange(port);
  const { status, head } = await exchange.send(post(port, INITIALIZE));
  const id = /\r\nmcp-session-id: *(\S+)/i.exec(head)?.[1];
  if (status !== 200 || id === undefined) throw new Error(`no session: the server answered ${status}`);
  await exchange.send(post(port, { jsonrpc: '2.0', method: 'notifications/initialized' }, id));
  return { exchange, id };
}

/** The bytes of a request with a message. */
export function post(port: number, message: object, session?: string): Buffer {
  const body = JSON.stringify(message);
  return Buffer.from(
    `POST /mcp HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\n` +
      `accept: application/json, text/event-stream\r\nmcp-protocol-version: 2025-11-25\r\n` +
      `${session === undefined ? '' : `mcp-session-id: ${session}\r\n`}` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
