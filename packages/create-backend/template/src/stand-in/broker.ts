import { EventEmitter, once } from 'node:events';

/** A message as the broker stores it. */
export interface StoredMessage {
  readonly key: string;
  readonly messageId: string;
  readonly body: Uint8Array;
  /** Alternating names and values. */
  readonly fields: readonly string[];
}

/** A stored message on its way to one group. */
export interface Entry {
  readonly position: number;
  readonly message: StoredMessage;
  /** How often a consumer of the group reported a failure. */
  readonly failures: number;
  /** How many deliveries of the message began. */
  readonly begun: number;
}

/** A message that the group could not handle. */
export interface ParkedEntry extends Entry {
  /** The position among the parked messages. */
  readonly parked: number;
  readonly record: string;
}

interface Row extends Entry {
  failures: number;
  begun: number;
  dueAt: number;
  owner: string | undefined;
  parked: number | undefined;
  record: string;
}

interface Group {
  readonly keys: Set<string>;
  readonly rows: Map<number, Row>;
}

/**
 * STAND-IN: a broker in this process, so that the project works before your broker does. Delete this folder when
 * `client.ts` talks to your broker.
 */
export class StandInBroker {
  static readonly #brokers = new Map<string, StandInBroker>();
  readonly groups: Map<string, Group> = new Map();
  readonly #events = new EventEmitter().setMaxListeners(0);
  readonly #ids = new Set<string>();
  #last = 0;

  /** The broker at an address. Clients with the same address and prefix share it. */
  static at(address: string): StandInBroker {
    const broker = StandInBroker.#brokers.get(address) ?? new StandInBroker();
    StandInBroker.#brokers.set(address, broker);
    return broker;
  }

  static remove(address: string): void {
    StandInBroker.#brokers.delete(address);
  }

  join(group: string, keys: readonly string[]): void {
    const joined = this.groups.get(group) ?? { keys: new Set(), rows: new Map() };
    for (const key of keys) joined.keys.add(key);
    this.groups.set(group, joined);
  }

  removeGroup(group: string): void {
    this.groups.delete(group);
  }

  /** Stores a message for each group of its key, once. Returns whether there is a group. */
  store(message: StoredMessage): boolean {
    const id = `${message.key} ${message.messageId}`;
    const groups = [...this.groups.values()].filter(({ keys }) => keys.has(message.key));
    if (groups.length === 0 || this.#ids.has(id)) return groups.length > 0;
    this.#ids.add(id);
    for (const { rows } of groups) {
      const position = ++this.#last;
      const state = { failures: 0, begun: 0, dueAt: 0, owner: undefined, parked: undefined, record: '' };
      rows.set(position, { position, message, ...state });
    }
    this.#events.emit('change');
    return true;
  }

  /** Gives messages to a consumer, and waits for the first. */
  async take(request: {
    group: string;
    owner: string;
    keys: readonly string[];
    limit: number;
    waitMs: number;
    signal: AbortSignal;
  }): Promise<Entry[]> {
    const { group, owner, keys, limit, waitMs, signal } = request;
    const until = Date.now() + waitMs;
    for (;;) {
      const waiting = this.#rows(group).filter(
        (row) => row.owner === undefined && row.parked === undefined && keys.includes(row.message.key),
      );
      const taken = waiting.filter(({ dueAt }) => dueAt <= Date.now()).slice(0, limit);
      for (const row of taken) row.owner = owner;
      const next = Math.min(until, ...waiting.map(({ dueAt }) => dueAt));
      if (taken.length > 0 || signal.aborted || Date.now() >= until) return taken.map((row) => ({ ...row }));
      const wake = AbortSignal.any([signal, AbortSignal.timeout(Math.max(1, next - Date.now()))]);
      await once(this.#events, 'change', { signal: wake }).catch(() => {});
    }
  }

  /** Removes handled messages. Returns the positions that the consumer no longer owned. */
  ack(group: string, owner: string, positions: readonly number[]): number[] {
    return positions.filter((position) => {
      const owned = this.#owned(group, owner, position) !== undefined;
      if (owned) this.groups.get(group)?.rows.delete(position);
      return !owned;
    });
  }

  /** Returns a message to the group with new counts. Returns whether the consumer owned it. */
  giveBack(group: string, owner: string, entry: Omit<Entry, 'message'>, delayMs: number): boolean {
    const row = this.#owned(group, owner, entry.position);
    if (row === undefined) return false;
    Object.assign(row, { ...entry, dueAt: delayMs > 0 ? Date.now() + delayMs : 0, owner: undefined });
    this.#events.emit('change');
    return true;
  }

  park(group: string, owner: string, position: number, record: string): boolean {
    const row = this.#owned(group, owner, position);
    if (row === undefined) return false;
    Object.assign(row, { owner: undefined, parked: ++this.#last, record });
    return true;
  }

  parked(group: string, key: string): ParkedEntry[] {
    return this.#rows(group)
      .filter((row): row is Row & ParkedEntry => row.parked !== undefined && row.message.key === key)
      .toSorted((a, b) => a.parked - b.parked);
  }

  /** Returns parked messages to the group, as if they were new. */
  redrive(group: string, key: string, parked: readonly number[]): number {
    const rows = this.parked(group, key).filter((row) => parked.includes(row.parked)) as Row[];
    for (const row of rows) Object.assign(row, { failures: 0, begun: 0, dueAt: 0, parked: undefined });
    this.#events.emit('change');
    return rows.length;
  }

  purge(group: string, key: string, parked: readonly number[]): number {
    const rows = this.parked(group, key).filter((row) => parked.includes(row.parked));
    for (const { position } of rows) this.groups.get(group)?.rows.delete(position);
    return rows.length;
  }

  /** Returns all messages of a consumer that is gone. */
  leave(group: string, owner: string): void {
    for (const row of this.#rows(group)) if (row.owner === owner) row.owner = undefined;
    this.#events.emit('change');
  }

  #owned(group: string, owner: string, position: number): Row | undefined {
    const row = this.groups.get(group)?.rows.get(position);
    return row?.owner === owner ? row : undefined;
  }

  #rows(group: string): Row[] {
    return [...(this.groups.get(group)?.rows.values() ?? [])];
  }
}
