import { EventEmitter } from 'node:events';
import { setTimeout as elapse } from 'node:timers/promises';

/** How long a connection may be silent before its owner opens another, in milliseconds. */
const HEARTBEAT_MS = 30;

/** Simulates the network between the reference backends and their broker in one process, including its failures. */
export class Link {
  readonly #events = new EventEmitter().setMaxListeners(0);
  readonly #connections = new Set<Connection>();
  readonly #silenced = new WeakSet<Connection>();
  readonly #stalledKeys = new Set<string>();
  readonly #held: (() => Promise<void>)[] = [];
  #stalling = false;
  #up = true;
  #accepting = true;
  #answers = true;
  #outages = 0;

  /** Whether bytes reach the broker. */
  get up(): boolean {
    return this.#up;
  }

  /** Whether the broker stores anything. */
  get accepting(): boolean {
    return this.#accepting;
  }

  /** Whether requests or messages may be delayed. */
  get stalling(): boolean {
    return this.#stalling;
  }

  /** How often the network was cut. */
  get outages(): number {
    return this.#outages;
  }

  /** Whether the broker's answers arrive. */
  get answers(): boolean {
    return this.#answers;
  }

  get connections(): readonly Connection[] {
    return [...this.#connections];
  }

  connect(namespace: string): Connection {
    const connection: Connection = {
      namespace,
      open: true,
      silent: false,
      stalled: undefined,
      close: () => {
        connection.open = false;
        this.#connections.delete(connection);
      },
    };
    this.#connections.add(connection);
    return connection;
  }

  async closeConnections(): Promise<void> {
    for (const connection of this.connections) connection.close();
  }

  async cut(): Promise<void> {
    this.#outages += 1;
    this.#up = false;
  }

  /** Makes the broker refuse all writes. */
  async refuse(): Promise<void> {
    this.#accepting = false;
  }

  async accept(): Promise<void> {
    this.#accepting = true;
    this.#events.emit('change');
  }

  async dropReplies(): Promise<void> {
    this.#answers = false;
  }

  async blackhole(): Promise<void> {
    const silenced = this.connections;
    for (const connection of silenced) {
      connection.silent = true;
      this.#silenced.add(connection);
    }
    this.#events.emit('silence', silenced);
    void elapse(HEARTBEAT_MS).then(() => {
      for (const connection of silenced) connection.silent = false;
      this.#events.emit('change');
    });
  }

  async stall(direction: 'to-broker' | 'to-client'): Promise<void> {
    this.#stalling = true;
    for (const connection of this.connections) connection.stalled = direction;
  }

  /** Makes all further requests for this key wait at the broker. Resolves with a function that ends the wait. */
  async stallKey(key: string): Promise<() => Promise<void>> {
    this.#stalledKeys.add(key);
    return async () => {
      this.#stalledKeys.delete(key);
      this.#events.emit('change');
    };
  }

  /** Sends a request to the broker. Resolves to whether its answer arrived; otherwise, the connection was closed. */
  async carry(connection: Connection | undefined, key: string, request: () => Promise<void>): Promise<boolean> {
    if (this.#stalledKeys.has(key)) await this.until(() => !this.#stalledKeys.has(key));
    if (connection?.stalled === 'to-broker') this.#held.push(request);
    else await request();
    return this.arrives(connection);
  }

  /** Resolves to whether data from the broker arrives; otherwise, the connection was closed. */
  async arrives(connection: Connection | undefined): Promise<boolean> {
    if (connection?.stalled === undefined) return true;
    await elapse(HEARTBEAT_MS);
    connection.close();
    return false;
  }

  async heal(): Promise<void> {
    this.#up = true;
    this.#answers = true;
    this.#stalling = false;
    // A backend that was closed in the meantime sends no more requests.
    for (const request of this.#held.splice(0)) await request().catch(() => {});
    for (const connection of this.connections) connection.stalled = undefined;
    this.#events.emit('change');
  }

  /** Whether the connection was ever silent. */
  wasSilenced(connection: Connection | undefined): boolean {
    return connection !== undefined && this.#silenced.has(connection);
  }

  /** Calls the listener with connections that have just gone silent. Returns a function that removes the listener. */
  onSilence(listener: (connections: readonly Connection[]) => void): () => void {
    this.#events.on('silence', listener);
    return () => this.#events.off('silence', listener);
  }

  /** Resolves to whether `condition` became true before the signal aborted. */
  async until(condition: () => boolean, signal?: AbortSignal): Promise<boolean> {
    while (!condition()) {
      if (signal?.aborted) return false;
      await new Promise<void>((resolve) => {
        const go = (): void => {
          this.#events.off('change', go);
          signal?.removeEventListener('abort', go);
          resolve();
        };
        this.#events.on('change', go);
        signal?.addEventListener('abort', go);
      });
    }
    return true;
  }
}

/** A backend's connection to the broker. */
export interface Connection {
  readonly namespace: string;
  open: boolean;
  silent: boolean;
  /** The direction in which data is delayed; undefined without a delay. */
  stalled: 'to-broker' | 'to-client' | undefined;
  close(): void;
}
