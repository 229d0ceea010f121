import { EventEmitter } from 'node:events';
import { setTimeout as elapse } from 'node:timers/promises';

/** How long a connection may be silent before its owner opens another, in milliseconds. */
const HEARTBEAT_MS = 30;

/** The network between the reference backends and their broker: one process, but it can fail like a wire. */
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

  /** Whether something may be held back. */
  get stalling(): boolean {
    return this.#stalling;
  }

  /** How often it was cut. */
  get outages(): number {
    return this.#outages;
  }

  /** Whether the broker's answers come back. */
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

  /** The broker refuses what it would have to store. */
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

  /** From now on requests that concern this key wait at the broker. Resolves with what ends it. */
  async stallKey(key: string): Promise<() => Promise<void>> {
    this.#stalledKeys.add(key);
    return async () => {
      this.#stalledKeys.delete(key);
      this.#events.emit('change');
    };
  }

  /** Brings a request to the broker. Resolves whether its answer came; else the connection has been given up. */
  async carry(connection: Connection | undefined, key: string, request: () => Promise<void>): Promise<boolean> {
    if (this.#stalledKeys.has(key)) await this.until(() => !this.#stalledKeys.has(key));
    if (connection?.stalled === 'to-broker') this.#held.push(request);
    else await request();
    return this.arrives(connection);
  }

  /** Whether what the broker sends comes; else the connection has been given up. */
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
    // A backend that was closed meanwhile sends nothing any more.
    for (const request of this.#held.splice(0)) await request().catch(() => {});
    for (const connection of this.connections) connection.stalled = undefined;
    this.#events.emit('change');
  }

  /** Whether the connection was ever silent. */
  wasSilenced(connection: Connection | undefined): boolean {
    return connection !== undefined && this.#silenced.has(connection);
  }

  /** Calls back with the connections that have just gone silent. Returns how to stop. */
  onSilence(listener: (connections: readonly Connection[]) => void): () => void {
    this.#events.on('silence', listener);
    return () => this.#events.off('silence', listener);
  }

  /** Resolves whether `condition` came to hold before the signal aborted. */
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

/** One backend's way to the broker. */
export interface Connection {
  readonly namespace: string;
  open: boolean;
  silent: boolean;
  /** The direction that holds back what comes. */
  stalled: 'to-broker' | 'to-client' | undefined;
  close(): void;
}
