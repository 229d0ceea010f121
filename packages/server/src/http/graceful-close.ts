import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { whenQuiet } from './when-quiet.ts';

/** Closes the connections of a server without interrupting a request that has arrived. */
export interface GracefulClose {
  /**
   * Begins to close connections: a connection closes after the answer to its latest request. `graceMs` is the time in
   * milliseconds that a connection may wait for its next request before it is closed; default 250.
   */
  begin(graceMs?: number): void;
  /**
   * Call this method before each answer. Returns whether the answer is the last on its connection. The last answer must
   * contain `Connection: close`, and requests that arrive on the connection afterwards are too late.
   */
  endsWith(request: IncomingMessage): boolean;
  /**
   * Whether the request arrived after the server had ended the connection. Such a request cannot be answered, and must
   * not be executed, because its client will send it again.
   */
  isTooLate(request: IncomingMessage): boolean;
}

interface Connection {
  /** Requests that are not answered yet. */
  open: number;
  latest: IncomingMessage | undefined;
  /** The time at which the connection began to wait for its next request. */
  idleSince: number;
  /** Number of bytes read from the connection until the latest request was answered. */
  readBefore: number;
  /** Whether the server sends no more answers on the connection. */
  ended: boolean;
}

/** The default of `graceMs`. It is longer than a client usually takes from an answer to its next request. */
const GRACE_MS = 250;

/** Milliseconds for which an ended connection stays open, so that its client can read the answer and close it. */
const LINGER_MS = 1_000;

/** Milliseconds between two checks for idle connections. */
const CHECK_MS = 20;

/**
 * Changes how `server.close` closes connections. Node destroys idle connections at once, and so resets connections on
 * which a request has just arrived. Instead, an idle connection is closed after it has waited for `graceMs`, and its
 * client has time to read the last answer. The port is closed at a moment when no connection waits to be accepted.
 */
export function closeGracefully(server: Server): GracefulClose {
  const connections = new Map<Socket, Connection>();
  let closing = false;
  let graceMs = GRACE_MS;
  let arrivals = 0;

  server.on('connection', (socket: Socket) => {
    arrivals += 1;
    connections.set(socket, {
      open: 0,
      latest: undefined,
      idleSince: performance.now(),
      readBefore: 0,
      ended: false,
    });
    socket.once('close', () => connections.delete(socket));
    // Node calls `destroySoon` after an answer that contains `Connection: close`.
    const destroySoon = socket.destroySoon.bind(socket);
    socket.destroySoon = () => (closing ? end(socket) : destroySoon());
  });
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    arrivals += 1;
    const connection = connections.get(request.socket);
    if (connection === undefined || connection.ended) return;
    connection.open += 1;
    connection.latest = request;
    response.once('close', () => {
      connection.open -= 1;
      if (connection.open > 0) return;
      connection.idleSince = performance.now();
      connection.readBefore = request.socket.bytesRead;
    });
  });

  const close = server.close.bind(server);
  server.close = (callback) => {
    whenQuiet(
      () => arrivals,
      () => {
        close(callback);
        endIdle();
      },
    );
    return server;
  };
  // Node calls this function when the server closes.
  server.closeIdleConnections = () => {};

  /** Ends connections that have waited for `graceMs` without a request. */
  function endIdle(): void {
    const now = performance.now();
    for (const [socket, { open, idleSince, readBefore, ended }] of connections) {
      if (!ended && open === 0 && socket.bytesRead === readBefore && now - idleSince >= graceMs) end(socket);
    }
    // After the timer, data that has arrived meanwhile is read before the next check.
    if (connections.size > 0) setTimeout(() => setImmediate(endIdle), CHECK_MS);
  }

  /** Sends the data that was written, ends the server's side, and waits for the client to close the connection. */
  function end(socket: Socket): void {
    const connection = connections.get(socket);
    if (connection !== undefined) connection.ended = true;
    socket.end();
    const timer = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('close', () => clearTimeout(timer));
  }

  return {
    begin(ms = GRACE_MS) {
      if (closing) return;
      closing = true;
      graceMs = ms;
    },
    endsWith(request) {
      if (!closing) return false;
      const connection = connections.get(request.socket);
      if (connection === undefined) return true;
      if (connection.latest !== request) return false;
      connection.ended = true;
      return true;
    },
    isTooLate(request) {
      const connection = connections.get(request.socket);
      return connection?.ended === true && connection.latest !== request;
    },
  };
}
