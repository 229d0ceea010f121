import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Address } from '@slack-mcp/core/backend';

/** Milliseconds to wait for a sign of the protocol that the server speaks. */
const TIMEOUT_MS = 1_000;

/** Milliseconds to wait for a server that refuses a connection as soon as it accepts it. */
const REFUSAL_MS = 200;

/** `tls`: only one side speaks TLS. `maxclients`: Redis has too many clients. Otherwise the code of a socket error, for example `ECONNREFUSED`. */
export type Obstacle = 'tls' | 'maxclients' | (string & {});

/**
 * Finds out why a connection fails when its own error does not say. Switches TLS on or off, connects again and checks
 * whether the server answers. Resolves to `undefined` if the cause remains uncertain. Sends no credentials. Never
 * rejects.
 *
 * @param tls - whether the failed connection uses TLS
 */
export async function findObstacle(address: Address, tls: boolean): Promise<Obstacle | undefined> {
  const [isFull, other] = await Promise.all([hasTooManyClients(address, tls), tryOtherWay(address, tls)]);
  return isFull ? 'maxclients' : other;
}

/** Redis refuses a client beyond `maxclients` before it reads a command; what the client sends then resets the connection. */
function hasTooManyClients({ host, port }: Address, tls: boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isFull: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(isFull);
    };
    const timer = setTimeout(() => end(false), REFUSAL_MS);
    const socket = tls ? connectTls({ host, port, rejectUnauthorized: false }) : connect({ host, port });
    socket.once('data', (answer: Buffer) => end(answer.includes('max number of clients')));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
  });
}

function tryOtherWay({ host, port }: Address, tls: boolean): Promise<Obstacle | undefined> {
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
