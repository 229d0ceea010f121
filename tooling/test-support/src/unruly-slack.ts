import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A received request. */
export interface ReceivedCall {
  method: string;
  args: URLSearchParams;
  headers: IncomingMessage['headers'];
}

/** Answers a call, or leaves it unanswered. */
export type Behaviour = (response: ServerResponse, call: ReceivedCall) => void;

/** An HTTP server that fails in ways that the simulator does not: it hangs, disconnects, or answers with HTML. */
export interface UnrulySlack extends AsyncDisposable {
  readonly url: string;
  readonly calls: ReceivedCall[];
  /** Number of connections opened so far. */
  readonly connections: number;
}

/** Starts a server. Each call uses the next behavior, and the last behavior is repeated. */
export async function unrulySlack(...behaviours: Behaviour[]): Promise<UnrulySlack> {
  const calls: ReceivedCall[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const call = {
        method: (request.url ?? '').replace('/api/', ''),
        args: new URLSearchParams(Buffer.concat(chunks).toString()),
        headers: request.headers,
      };
      calls.push(call);
      behaviours[Math.min(calls.length, behaviours.length) - 1]?.(response, call);
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    calls,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with JSON. */
export function json(body: object, status = 200, headers: Record<string, string> = {}): Behaviour {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
}

/** Answers with an HTML page, as proxies do. */
export function html(text: string, status = 200): Behaviour {
  return (response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end(text);
  };
}

/** Resets the connection after reading the whole request. */
export const reset: Behaviour = (response) => {
  response.socket?.resetAndDestroy();
};

/** Disconnects in the middle of the answer. */
export const breakOffAnswer: Behaviour = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"ok":true,');
  response.socket?.destroy();
};

/** Never answers. */
export const hang: Behaviour = () => {};
