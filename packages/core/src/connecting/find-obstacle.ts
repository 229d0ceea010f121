import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Address } from '../config/address.ts';

/** Milliseconds to wait for the server's answer, which reveals its protocol. */
const TIMEOUT_MS = 1_000;
/** Milliseconds to wait for a refusal that the server sends right after it accepts a connection. */
const REFUSAL_MS = 200;

/** Recognizes servers that speak a given protocol. */
export interface ProtocolProbe {
  /** A request without credentials that the server answers before authentication. */
  readonly request: string | Uint8Array;
  /** Whether the first bytes from the server are an answer to `request`. */
  isAnswer(bytes: Uint8Array): boolean;
  /**
   * Returns the reason why a server refuses a connection before it reads anything, for example because it has too many
   * connections. Omit this method if servers of the protocol always read a request before they refuse a connection.
   */
  readRefusal?(bytes: Uint8Array): Obstacle | undefined;
}

/**
 * The cause of a failed connection: `tls` (only the client or only the server speaks TLS), the code of a socket error
 * such as `ECONNREFUSED`, or the result of {@link ProtocolProbe.readRefusal}.
 */
export type Obstacle = 'tls' | (string & {});

/**
 * Finds out why a connection fails if the error does not state the cause. Switches TLS on or off, connects again and
 * checks whether the server answers. Resolves to `undefined` if the cause remains uncertain. Sends no credentials.
 * Never rejects.
 *
 * @param tls - whether the failed connection uses TLS
 */
export async function findObstacle(
  address: Address,
  tls: boolean,
  protocol: ProtocolProbe,
): Promise<Obstacle | undefined> {
  const [refusal, other] = await Promise.all([
    awaitRefusal(address, tls, protocol),
    tryOtherWay(address, tls, protocol),
  ]);
  return refusal ?? other;
}

/** Waits without sending data: if a refused client sends data, the connection is reset before the reason arrives. */
function awaitRefusal({ host, port }: Address, tls: boolean, protocol: ProtocolProbe): Promise<Obstacle | undefined> {
  if (protocol.readRefusal === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const end = (obstacle?: Obstacle): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(obstacle);
    };
    const timer = setTimeout(end, REFUSAL_MS);
    const socket = tls ? connectTls({ host, port, rejectUnauthorized: false }) : connect({ host, port });
    socket.once('data', (bytes: Buffer) => end(protocol.readRefusal?.(bytes)));
    socket.once('error', () => end());
    socket.once('close', () => end());
  });
}

function tryOtherWay(
  { host, port }: Address,
  tls: boolean,
  { request, isAnswer }: ProtocolProbe,
): Promise<Obstacle | undefined> {
  return new Promise((resolve) => {
    const end = (obstacle?: Obstacle): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(obstacle);
    };
    const timer = setTimeout(end, TIMEOUT_MS);
    const socket = tls
      ? connect({ host, port }, () => socket.write(request))
      : connectTls({ host, port, rejectUnauthorized: false }, () => end('tls'));
    socket.once('data', (answer: Buffer) => end(isAnswer(answer) ? 'tls' : undefined));
    socket.once('error', ({ code = '' }: NodeJS.ErrnoException) => {
      // A server that requires a client certificate refuses with a TLS alert.
      if (!tls && /^ERR_SSL_.*ALERT/.test(code)) end('tls');
      else end(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED'].includes(code) ? code : undefined);
    });
    socket.once('close', () => end());
  });
}
