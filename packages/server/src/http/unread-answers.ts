import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** How much may wait for clients to read on. */
export interface UnreadLimits {
  /** Bytes over all connections, above which those are closed that do not read. */
  readonly bytes: number;
  /** Milliseconds after which a connection is closed on which something waits and nothing is read. */
  readonly stalledMs: number;
  /** Milliseconds between two looks. */
  readonly intervalMs: number;
}

/** Far above what waits on connections whose clients read, far below what a process may take. */
export const UNREAD_LIMITS: UnreadLimits = { bytes: 64 * 2 ** 20, stalledMs: 60_000, intervalMs: 1_000 };

interface Progress {
  /** Bytes that have gone out. */
  sent: number;
  /** When it was last seen that more had. */
  at: number;
}

/**
 * Lets go of clients that do not read their answers, before those fill the memory.
 *
 * @returns how to end it
 */
export function limitUnread(server: Server, limits: UnreadLimits = UNREAD_LIMITS): () => void {
  const connections = new Map<Socket, Progress>();
  server.on('connection', (socket: Socket) => {
    connections.set(socket, { sent: 0, at: performance.now() });
    socket.once('close', () => connections.delete(socket));
  });

  function look(): void {
    const now = performance.now();
    const stalled: { socket: Socket; unread: number; forMs: number }[] = [];
    let total = 0;
    for (const [socket, progress] of connections) {
      const unread = socket.writableLength;
      const sent = socket.bytesWritten - unread;
      total += unread;
      if (unread > 0 && sent === progress.sent) stalled.push({ socket, unread, forMs: now - progress.at });
      else connections.set(socket, { sent, at: now });
    }
    for (const { socket, unread, forMs } of stalled.toSorted((one, other) => other.forMs - one.forMs)) {
      if (total <= limits.bytes && forMs < limits.stalledMs) break;
      total -= unread;
      socket.destroy();
    }
  }

  const timer = setInterval(look, limits.intervalMs).unref();
  return () => clearInterval(timer);
}
