import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The progress of the next request on a connection. */
interface Arrival {
  /** Number of bytes read from the connection until the previous request was complete. */
  readBefore: number;
  /** The time at which the first byte of the next request arrived; undefined before the first byte. */
  begunAt: number | undefined;
  /** The request whose body is arriving. */
  request: IncomingMessage | undefined;
}

/**
 * Limits the time from the first byte of a request until its headers and body have arrived. Node's own limit starts
 * when the connection opens, and would close connections that a load balancer opens in advance. As in Node, a request
 * that takes too long causes the server's `clientError` event.
 *
 * @returns a function that stops the check
 */
export function limitArrival(server: Server, timeoutMs: number): () => void {
  const arrivals = new Map<Socket, Arrival>();

  const onConnection = (socket: Socket): void => {
    arrivals.set(socket, { readBefore: 0, begunAt: undefined, request: undefined });
    socket.once('close', () => arrivals.delete(socket));
  };
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const arrival = arrivals.get(request.socket);
    if (arrival === undefined) return;
    // A short request may be complete before the next check: its time begins with its headers.
    arrival.begunAt ??= performance.now();
    arrival.request = request;
    const done = (): void => {
      if (arrival.request !== request) return;
      arrival.readBefore = request.socket.bytesRead;
      arrival.begunAt = undefined;
      arrival.request = undefined;
    };
    response.on('close', done);
  };

  const check = (): void => {
    const now = performance.now();
    for (const [socket, arrival] of arrivals) {
      if (arrival.request?.complete) arrival.begunAt = undefined;
      else if (arrival.begunAt === undefined && socket.bytesRead > arrival.readBefore) arrival.begunAt = now;
      if (arrival.begunAt !== undefined && now - arrival.begunAt > timeoutMs) {
        arrivals.delete(socket);
        const error = Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
        server.emit('clientError', error, socket);
      }
    }
  };

  const timer = setInterval(check, Math.min(1_000, Math.ceil(timeoutMs / 2))).unref();
  server.on('connection', onConnection).prependListener('request', onRequest);
  return () => {
    clearInterval(timer);
    server.off('connection', onConnection).off('request', onRequest);
  };
}
