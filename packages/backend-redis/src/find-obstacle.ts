import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Address } from '@slack-mcp/core/backend';

/** Milliseconds to wait for a sign of the protocol that the server speaks. */
const TIMEOUT_MS = 1_000;

/** `tls`: only one side speaks TLS. Otherwise the code of a socket error, for example `ECONNREFUSED`. */
export type Obstacle = 'tls' | (string & {});

/**
 * Finds out why a connection fails when its own error does not say. Connects the other way, with TLS instead of without
 * or the reverse, and checks whether the server answers. Resolves to `undefined` if the cause remains uncertain. Sends
 * no credentials. Never rejects.
 *
 * @param tls - whether the failed connection uses TLS
 */
export function findObstacle({ host, port }: Address, tls: boolean): Promise<Obstacle | undefined> {
  return new Promise((resolve) => {
    const end = (obstacle?: Obstacle): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(obstacle);
    };
    const timer = setTimeout(end, TIMEOUT_MS);
    const socket = tls
      ? connect({ host, port }, () => socket.write('PING\r\n'))
      : connectTls({ host, port, rejectUnauthorized: false }, () => end('tls'));
    socket.once('data', (answer: Buffer) => end(/^[+-]/.test(answer.toString('latin1')) ? 'tls' : undefined));
    socket.once('error', ({ code = '' }: NodeJS.ErrnoException) => {
      // A server that requires a client certificate refuses with a TLS alert.
      if (!tls && /^ERR_SSL_.*ALERT/.test(code)) end('tls');
      else end(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED'].includes(code) ? code : undefined);
    });
    socket.once('close', () => end());
  });
}
