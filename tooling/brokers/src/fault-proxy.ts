import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Direction } from './direction.ts';
import type { FaultProxyOptions } from './fault-proxy-options.ts';
import { FaultState } from './fault-state.ts';
import { freePort } from './free-ports.ts';
import { ProxiedConnection } from './proxied-connection.ts';

/** A TCP proxy between client and broker whose network can fail. Faults add up until `heal`. */
export class FaultProxy implements AsyncDisposable {
  readonly host = '127.0.0.1';
  readonly port: number;
  target: FaultProxyOptions['target'];
  readonly #state = new FaultState();
  readonly #connections = new Set<ProxiedConnection>();
  /** Some may be ones that their clients have given up. */
  readonly #stalled = new Set<ProxiedConnection>();
  #accepted = 0;
  #server: Server | undefined;

  constructor(port: number, target: FaultProxyOptions['target']) {
    this.port = port;
    this.target = target;
  }

  /** Connections that clients hold through this proxy. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Connections that were ever accepted. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Bytes that have arrived and not been passed on yet. */
  get heldBytes(): number {
    return this.#sum((connection) => connection.heldBytes);
  }

  /** Bytes that present connections have lost. */
  get droppedBytes(): number {
    return this.#sum((connection) => connection.droppedBytes);
  }

  /** Discards bytes silently, by default in both directions; the connections stay up. */
  drop(direction?: Direction): void {
    this.#state.drop(direction);
  }

  /** Keeps and accepts connections and passes nothing, not even their end. After `heal` what was held back passes. */
  blackhole(): void {
    this.#state.gate.shut();
  }

  /**
   * Holds back what comes on the present connections, by default in both directions, and their end; new connections
   * work. After `heal` all of it arrives, in order, also what was sent on connections that were given up meanwhile.
   */
  stall(direction?: Direction): void {
    for (const connection of this.#connections) {
      connection.stall(direction);
      this.#stalled.add(connection);
    }
  }

  /** Lets what stalls hold back arrive, but not yet the ends of connections: to the other side they are still there. */
  release(): void {
    for (const connection of this.#stalled) connection.release();
  }

  /** Lets every byte arrive `ms` milliseconds late. */
  delay(ms: number): void {
    this.#state.delayMs = ms;
  }

  /** Passes so many bytes a second on each connection in each direction. */
  throttle(bytesPerSecond: number): void {
    this.#state.bytesPerSecond = bytesPerSecond;
  }

  /** Refuses new connections; present ones stay. */
  refuse(): void {
    this.#server?.close();
    this.#server = undefined;
  }

  /** Resets all present connections, on both sides; what was held back on them never arrives. */
  reset(): void {
    for (const connection of this.#all()) connection.reset();
  }

  /** Ends all faults. Connections that lost bytes are reset: no protocol survives a hole in its stream. */
  async heal(): Promise<void> {
    for (const connection of this.#connections) if (connection.droppedBytes > 0) connection.reset();
    this.#endFaults();
    await this.listen();
  }

  /** Resets all connections and stops listening. */
  async close(): Promise<void> {
    this.refuse();
    this.reset();
    this.#endFaults();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Accepts connections. */
  async listen(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => this.#accept(client));
    this.#server = server;
    server.listen(this.port, this.host);
    await once(server, 'listening');
  }

  #endFaults(): void {
    this.#state.heal();
    for (const connection of this.#stalled) connection.heal();
    this.#stalled.clear();
  }

  #all(): readonly ProxiedConnection[] {
    return [...new Set([...this.#connections, ...this.#stalled])];
  }

  #sum(count: (connection: ProxiedConnection) => number): number {
    return this.#all().reduce((sum, connection) => sum + count(connection), 0);
  }

  #accept(client: Socket): void {
    const connection = new ProxiedConnection(client, () => this.target, this.#state);
    this.#connections.add(connection);
    this.#accepted += 1;
    client.once('close', () => this.#connections.delete(connection));
  }
}

/** Starts a fault proxy. Its port is known before its target, for brokers that advertise it. */
export async function createFaultProxy({ target, port }: FaultProxyOptions = {}): Promise<FaultProxy> {
  const proxy = new FaultProxy(port ?? (await freePort()), target);
  await proxy.listen();
  return proxy;
}
