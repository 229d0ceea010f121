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
  /** Includes connections that their clients have given up. */
  readonly #stalled = new Set<ProxiedConnection>();
  #accepted = 0;
  #server: Server | undefined;

  constructor(port: number, target: FaultProxyOptions['target']) {
    this.port = port;
    this.target = target;
  }

  /** Number of open client connections. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Number of connections accepted so far. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Bytes that were received and not yet passed on. */
  get heldBytes(): number {
    return this.#sum((connection) => connection.heldBytes);
  }

  /** Bytes that the current connections have lost. */
  get droppedBytes(): number {
    return this.#sum((connection) => connection.droppedBytes);
  }

  /** Silently discards bytes, by default in both directions. Connections stay open. */
  drop(direction?: Direction): void {
    this.#state.drop(direction);
  }

  /** Keeps and accepts connections but passes nothing, not even their end. `heal` passes everything held back. */
  blackhole(): void {
    this.#state.gate.shut();
  }

  /**
   * Holds back bytes of the current connections, by default in both directions, and their end. New connections work.
   * After `heal`, all bytes arrive in order, including those of connections that have been given up.
   */
  stall(direction?: Direction): void {
    for (const connection of this.#connections) {
      connection.stall(direction);
      this.#stalled.add(connection);
    }
  }

  /** Passes the bytes that stalls held back, but not the end of connections: for the other side they stay open. */
  release(): void {
    for (const connection of this.#stalled) connection.release();
  }

  /** Delays every byte by `ms` milliseconds. */
  delay(ms: number): void {
    this.#state.delayMs = ms;
  }

  /** Limits each direction of each connection to this many bytes per second. */
  throttle(bytesPerSecond: number): void {
    this.#state.bytesPerSecond = bytesPerSecond;
  }

  /** Refuses new connections. Current ones stay open. */
  refuse(): void {
    this.#server?.close();
    this.#server = undefined;
  }

  /** Resets all current connections on both sides. Bytes held back on them are lost. */
  reset(): void {
    for (const connection of this.#all()) connection.reset();
  }

  /** Ends all faults. Resets connections that lost bytes, because no protocol tolerates a gap in its stream. */
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

/** Starts a fault proxy. The target can be set later, for brokers that advertise the proxy's port. */
export async function createFaultProxy({ target, port }: FaultProxyOptions = {}): Promise<FaultProxy> {
  const proxy = new FaultProxy(port ?? (await freePort()), target);
  await proxy.listen();
  return proxy;
}
