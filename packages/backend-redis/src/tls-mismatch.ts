import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Address } from './options.ts';

/** Milliseconds that the other side has to show what it speaks. */
const TIMEOUT_MS = 1_000;

/**
 * Whether a connection fails because one side speaks TLS and the other does not: asks in the other language, and hears
 * whether that is answered. Sends no credentials. Never rejects.
 *
 * @param tls - what the connection that failed speaks
 */
export function isTlsMismatch({ host, port }: Address, tls: boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (answer: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(end, TIMEOUT_MS, false);
    const socket = tls
      ? connect({ host, port }, () => socket.write('PING\r\n'))
      : connectTls({ host, port, rejectUnauthorized: false }, () => end(true));
    socket.once('data', (answer: Buffer) => end(/^[+-]/.test(answer.toString('latin1'))));
    // A server that refuses this client says so in TLS.
    socket.once('error', ({ code }: NodeJS.ErrnoException) => end(!tls && /^ERR_SSL_.*ALERT/.test(code ?? '')));
    socket.once('close', () => end(false));
  });
}
