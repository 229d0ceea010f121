import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The state of a connection. */
interface Connection {
  /** The request that the server is answering; undefined between requests. */
  request: IncomingMessage | undefined;
}

/**
 * Keeps a server from running out of connections. When the maximum is reached, a new connection replaces the connection
 * that has waited longest for data from its client. A connection is never closed while its request is being answered.
 *
 * @param max - maximum number of connections
 */
export function limitConnections(server: Server, max: number): void {
  // Ordered by when they began to wait.
  const connections = new Map<Socket, Connection>();

  server.on('connection', (socket: Socket) => {
    if (connections.size >= max) makeRoom();
    connections.set(socket, { request: undefined });
    socket.once('close', () => connections.delete(socket));
  });
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    const connection = connections.get(socket);
    if (connection === undefined) return;
    connection.request = request;
    response.on('close', () => {
      connection.request = undefined;
      if (connections.delete(socket) && !socket.destroyed) connections.set(socket, connection);
    });
  });

  function makeRoom(): void {
    for (const [socket, { request }] of connections) {
      if (request?.complete === true) continue;
      connections.delete(socket);
      socket.destroy();
      return;
    }
  }
}
