import { connect, type Socket } from 'node:net';

/** An answer, as text. */
export interface Answer {
  readonly status: number;
  /** Status line and headers. */
  readonly head: string;
  /** The body as transferred: chunks keep their length prefixes. */
  readonly body: string;
}

/** A persistent connection with one request at a time. Implements only the part of HTTP that the answers need. */
export interface Exchange {
  send(bytes: Buffer): Promise<Answer>;
  close(): void;
}

/** Connects to a port of this machine. */
export function openExchange(port: number): Promise<Exchange> {
  let settle: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;
  let received = '';
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    received += text;
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = received.slice(0, end);
    const isWhole = /\r\ntransfer-encoding: *chunked/i.test(head)
      ? received.endsWith('0\r\n\r\n')
      : received.length >= end + 4 + Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    if (!isWhole) return;
    const answer = { status: Number(head.slice(9, 12)), head, body: received.slice(end + 4) };
    received = '';
    settle?.resolve(answer);
  });
  const fail = (): void => settle?.reject(new Error('the connection was closed'));
  socket.on('error', fail).on('close', fail);
  const exchange: Exchange = {
    send: (bytes) =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject };
        socket.write(bytes);
      }),
    close: () => socket.destroy(),
  };
  return new Promise((resolve, reject) => {
    settle = { resolve: () => {}, reject };
    socket.once('connect', () => resolve(exchange));
  });
}
