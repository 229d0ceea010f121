import { connect, type Socket } from 'node:net';

/** How a request ended: the status of its answer, or why there was no answer. */
export type Ending = number | 'closed' | 'silent';

/** Milliseconds after which a request counts as unanswered. The server gives up on slow requests after 30 s. */
const PATIENCE_MS = 45_000;

/** A connection that stays open between requests if the server allows it, and is opened again otherwise. */
export class Connection {
  readonly #port: number;
  #socket: Socket | undefined;
  #received = '';
  #settle: ((ending: Ending) => void) | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  /** Sends the bytes of one request and waits for its answer. */
  async send(bytes: Buffer, options: { end?: boolean } = {}): Promise<Ending> {
    const socket = this.#open();
    const { promise, resolve } = Promise.withResolvers<Ending>();
    const timer = setTimeout(resolve, PATIENCE_MS, 'silent');
    this.#settle = resolve;
    if (options.end) socket.end(bytes);
    else socket.write(bytes);
    const ending = await promise;
    clearTimeout(timer);
    this.#settle = undefined;
    if (typeof ending !== 'number' || options.end) this.close();
    return ending;
  }

  close(): void {
    this.#socket
      ?.removeAllListeners()
      .on('error', () => {})
      .destroy();
    this.#socket = undefined;
    this.#received = '';
  }

  #open(): Socket {
    if (this.#socket) return this.#socket;
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#socket = undefined;
      this.#received = '';
      this.#settle?.('closed');
    });
    this.#socket = socket;
    return socket;
  }

  #read(text: string): void {
    this.#received += text;
    for (;;) {
      const end = this.#received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = this.#received.slice(0, end);
      const status = Number(head.slice(9, 12));
      const length = status < 200 ? 0 : Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      if (this.#received.length < end + 4 + length) return;
      this.#received = this.#received.slice(end + 4 + length);
      // 100 Continue is not the final answer.
      if (status < 200) continue;
      const settle = this.#settle;
      // If the HTTP parser refuses a request, the answer lacks the application's header and the connection closes.
      if (/\r\nconnection: *close/i.test(head) || !/\r\nx-correlation-id:/i.test(head)) this.close();
      settle?.(status);
      return;
    }
  }
}
