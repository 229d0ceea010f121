import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Limits on data that clients have not read yet. */
export interface UnreadLimits {
  /**
   * Maximum number of unread bytes across all connections. If more bytes are unread, connections of clients that do not
   * read are closed.
   */
  readonly bytes: number;
  /** Milliseconds after which a connection with unread data is closed if its client has read nothing. */
  readonly stalledMs: number;
  /** Milliseconds between two checks of all connections. */
  readonly intervalMs: number;
}

/**
 * The default limits. The limit in bytes is far above the unread data of clients that read, and far below the memory of
 * a process.
 */
export const UNREAD_LIMITS: UnreadLimits = { bytes: 64 * 2 ** 20, stalledMs: 60_000, intervalMs: 1_000 };

interface Progress {
  /** Bytes sent. */
  sent: number;
  /** The time at which the client last read data. */
  at: number;
}

/**
 * Closes connections of clients that do not read their answers, before the unread data fills the memory.
 *
 * @returns a function that stops the check
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
