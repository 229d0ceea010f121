import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Address } from '@slack-mcp/core/backend';

/** Milliseconds that the other side has to show what it speaks. */
const TIMEOUT_MS = 1_000;

/** `tls`: one side speaks TLS and the other does not. Else the code of a socket's error, such as `ECONNREFUSED`. */
export type Obstacle = 'tls' | (string & {});

/**
 * What keeps a connection from being made, where its own error does not tell; `undefined`: nothing certain. Asks in the
 * other language, with TLS or without, and sees whether that is answered. Sends no credentials. Never rejects.
 *
 * @param tls - what the connection that failed speaks
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
      // A server that refuses this client says so in TLS.
      if (!tls && /^ERR_SSL_.*ALERT/.test(code)) end('tls');
      else end(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED'].includes(code) ? code : undefined);
    });
    socket.once('close', () => end());
  });
}
