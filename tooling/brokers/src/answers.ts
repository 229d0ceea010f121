import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { BrokerName } from './broker.ts';

/** The shortest exchange of each protocol that needs no credentials. */
const exchanges: Readonly<Record<BrokerName, { request: Buffer; recognises(answer: Buffer): boolean }>> = {
  // A server that requires a password answers with an error.
  redis: {
    request: Buffer.from('PING\r\n'),
    recognises: (answer) => /^(\+PONG|-[A-Z]+ )/.test(answer.toString('latin1')),
  },
  // Connection.Start: a frame of type method, channel 0, class 10, method 10.
  rabbitmq: {
    request: Buffer.from('AMQP\0\0\x09\x01', 'latin1'),
    recognises: (answer) => answer.length >= 11 && answer[0] === 1 && answer.readUInt32BE(7) === 0x000a_000a,
  },
  // ApiVersions 0 with correlation id 7 and no client id.
  kafka: {
    request: Buffer.from('0000000a0012000000000007ffff', 'hex'),
    recognises: (answer) => answer.length >= 8 && answer.readInt32BE(4) === 7,
  },
};

export interface Address {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/** Whether a broker of this kind answers at an address within `timeoutMs` (default 3,000). */
export async function answers(name: BrokerName, { host, port, tls }: Address, timeoutMs = 3_000): Promise<boolean> {
  const { request, recognises } = exchanges[name];
  // This sends no secrets, so the certificate is not verified here. Clients verify it.
  const socket: Socket = tls ? connectTls({ host, port, rejectUnauthorized: false }) : connect({ host, port });
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    await once(socket, tls ? 'secureConnect' : 'connect', { signal });
    socket.write(request);
    let answer = Buffer.alloc(0);
    while (answer.length < 16) {
      const [chunk] = (await Promise.race([once(socket, 'data', { signal }), ended(socket)])) as [Buffer?];
      if (chunk === undefined) return false;
      answer = Buffer.concat([answer, chunk]);
      if (recognises(answer)) return true;
    }
    return false;
  } catch {
    return false;
  } finally {
    socket.on('error', () => undefined).destroy();
  }
}

async function ended(socket: Socket): Promise<[]> {
  await once(socket, 'close');
  return [];
}
