import { channel } from 'node:diagnostics_channel';
import { Agent, type ClientRequest, request } from 'node:http';
import type { Socket } from 'node:net';
import { Pool } from 'undici';

/**
 * The outcome of a request: `reset` if its connection, which had carried requests before, ended without an answer;
 * `unaccepted` if the same happened to the first request of a connection; `closed` if the port is closed.
 */
export type Outcome = 'accepted' | 'refused' | 'reset' | 'unaccepted' | 'closed';

/** Sends events to a server. */
export interface EventClient {
  send(body: string, headers: Readonly<Record<string, string>>): Promise<Outcome>;
  close(): Promise<void>;
}

const PATH = '/slack/events';

/** Opens a connection for each request, as many separate clients do. */
export function separateConnections(address: string): EventClient {
  return nodeClient(address, false);
}

/** Keeps connections open with an agent of Node. */
export function agentConnections(address: string, connections: number): EventClient {
  return nodeClient(address, new Agent({ keepAlive: true, maxSockets: connections }));
}

function nodeClient(address: string, agent: Agent | false): EventClient {
  return {
    send: (body, headers) =>
      new Promise((resolve) => {
        const sent: ClientRequest = request(`${address}${PATH}`, { method: 'POST', agent, headers });
        sent.on('response', (response) => {
          response.on('error', () => {});
          response.resume();
          resolve(response.statusCode === 200 ? 'accepted' : 'refused');
        });
        sent.on('error', ({ code }: NodeJS.ErrnoException) => {
          if (code === 'ECONNREFUSED') resolve('closed');
          else resolve(sent.reusedSocket ? 'reset' : 'unaccepted');
        });
        sent.end(body);
      }),
    close: async () => {
      if (agent !== false) agent.destroy();
    },
  };
}

/** Keeps connections open with a pool of undici. */
export function pooledConnections(address: string, connections: number): EventClient {
  const pool = new Pool(address, { connections });
  const used = new WeakSet<Socket>();
  /** The requests that were sent on a connection after other requests. */
  const later = new Set<string>();
  const onSend = (message: unknown): void => {
    const { socket, headers } = message as { socket: Socket; headers: string };
    const id = /x-correlation-id: (\S+)/i.exec(headers)?.[1];
    if (id !== undefined && used.has(socket)) later.add(id);
    used.add(socket);
  };
  const sending = channel('undici:client:sendHeaders');
  sending.subscribe(onSend);
  let next = 0;
  return {
    async send(body, headers) {
      next += 1;
      const id = `pool-${next}`;
      try {
        const answer = await pool.request({
          path: PATH,
          method: 'POST',
          body,
          headers: { ...headers, 'x-correlation-id': id },
        });
        await answer.body.dump();
        return answer.statusCode === 200 ? 'accepted' : 'refused';
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') return 'closed';
        return later.has(id) ? 'reset' : 'unaccepted';
      }
    },
    async close() {
      sending.unsubscribe(onSend);
      await pool.destroy();
    },
  };
}
