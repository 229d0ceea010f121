import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { FaultProxy } from '@slack-mcp/conformance';

/** A TCP proxy between the backends and their broker, with the faults that the suite asks for. */
export class TcpFaultProxy implements FaultProxy {
  readonly #brokerPort: number;
  readonly #connections = new Set<Connection>();
  #port = 0;
  #server: Server | undefined;
  #dropsReplies = false;

  private constructor(brokerPort: number) {
    this.#brokerPort = brokerPort;
  }

  static async start(brokerPort: number): Promise<TcpFaultProxy> {
    const proxy = new TcpFaultProxy(brokerPort);
    await proxy.#listen();
    return proxy;
  }

  get port(): number {
    return this.#port;
  }

  async cut(): Promise<void> {
    this.#server?.close();
    this.#server = undefined;
    for (const connection of this.#connections) connection.reset();
  }

  async blackhole(): Promise<void> {
    for (const { requests, replies } of this.#connections)
      for (const flow of [requests, replies]) flow.state = 'stopped';
  }

  async dropReplies(): Promise<void> {
    this.#dropsReplies = true;
  }

  async stall(direction: 'to-broker' | 'to-client'): Promise<void> {
    for (const { requests, replies } of this.#connections) {
      const flow = direction === 'to-broker' ? requests : replies;
      if (flow.state === 'open') flow.state = 'stalled';
    }
  }

  async heal(): Promise<void> {
    this.#dropsReplies = false;
    for (const connection of this.#connections) {
      // No protocol tolerates a gap in its stream.
      if (connection.replies.hasDropped) connection.reset();
      connection.requests.release();
      connection.replies.release();
    }
    if (this.#server === undefined) await this.#listen();
  }

  /** Resets all connections and stops listening. */
  close(): Promise<void> {
    return this.cut();
  }

  async #listen(): Promise<void> {
    const server = createServer({ allowHalfOpen: true }, (client) => {
      const broker = connect({ port: this.#brokerPort, host: '127.0.0.1', allowHalfOpen: true });
      const connection = new Connection(client, broker, () => this.#dropsReplies);
      this.#connections.add(connection);
      for (const socket of [client, broker]) {
        socket.on('close', () => {
          if (client.closed && broker.closed) this.#connections.delete(connection);
        });
      }
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as { port: number }).port;
    this.#server = server;
  }
}

/** A connection of a client, and the connection to the broker that belongs to it. */
class Connection {
  readonly requests: Flow;
  readonly replies: Flow;
  readonly #sockets: readonly Socket[];

  constructor(client: Socket, broker: Socket, dropsReplies: () => boolean) {
    this.#sockets = [client, broker];
    this.requests = new Flow(client, broker, () => false);
    this.replies = new Flow(broker, client, dropsReplies);
  }

  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }
}

/** The bytes in one direction, and the end of their stream. */
class Flow {
  state: 'open' | 'stalled' | 'stopped' = 'open';
  hasDropped = false;
  readonly #to: Socket;
  /** What has not been passed on. The last element is `undefined` if the stream has ended. */
  #held: (Buffer | undefined)[] = [];

  constructor(from: Socket, to: Socket, drops: () => boolean) {
    this.#to = to;
    from.on('data', (chunk: Buffer) => {
      if (drops()) this.hasDropped = true;
      else this.#pass(chunk);
    });
    from.on('end', () => this.#pass(undefined));
    // An aborted connection ends for the other side when the bytes before it have arrived.
    from.on('error', () => this.#pass(undefined));
  }

  /** Passes on what a stall held back. */
  release(): void {
    if (this.state === 'stopped') return;
    this.state = 'open';
    const held = this.#held;
    this.#held = [];
    for (const chunk of held) this.#pass(chunk);
  }

  #pass(chunk: Buffer | undefined): void {
    if (this.state !== 'open') this.#held.push(chunk);
    else if (chunk === undefined) this.#to.end();
    else if (this.#to.writable) this.#to.write(chunk);
  }
}
