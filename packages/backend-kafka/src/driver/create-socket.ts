import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions as TlsOptions } from 'node:tls';

interface SocketRequest {
  readonly host: string;
  readonly port: number;
  /** The TLS options, or `null` for a connection without TLS. */
  readonly ssl: TlsOptions | null;
  readonly onConnect: () => void;
}

const KEEP_ALIVE_DELAY_MS = 30_000;

/** Opens a socket for the library. */
export function createSocket({ host, port, ssl, onConnect }: SocketRequest): Socket {
  const socket =
    ssl === null
      ? connect({ host, port }, onConnect)
      : connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...ssl }, onConnect);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_DELAY_MS);
  return socket;
}
