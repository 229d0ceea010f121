import { decodeParkingRecord, type Parked, type ParkedContent, type ParkedStore } from '@slack-mcp/core/backend';
import type { ParkedEntry, PostgresClient } from './client.ts';
import { decodeFields } from './codec.ts';

/** A parked message. */
export interface PostgresParked extends Parked {
  readonly entry: ParkedEntry;
}

/** The dead letters of a group. */
export class PostgresParkedStore implements ParkedStore<PostgresParked> {
  readonly #client: PostgresClient;
  readonly #group: string;

  constructor(client: PostgresClient, group: string) {
    this.#client = client;
    this.#group = group;
  }

  isPosition(text: string): boolean {
    return /^[1-9]\d{0,14}$/.test(text);
  }

  comparePositions(a: string, b: string): number {
    return Number(a) - Number(b);
  }

  async read(key: string, from: string | undefined, limit: number): Promise<PostgresParked[]> {
    const parked = await this.#client.parked(this.#group, key, Number(from ?? 0), limit);
    return parked.map((entry) => ({ position: String(entry.parked), entry }));
  }

  async newest(key: string): Promise<string | undefined> {
    return (await this.#client.newest(this.#group, key))?.toString();
  }

  describe({ entry, position }: PostgresParked): ParkedContent {
    const { at, retryCount, reason } = decodeParkingRecord(entry.record, { id: position, at: 0 });
    const { retryCount: _, ...metadata } = decodeFields(entry.message);
    return { ...metadata, body: entry.message.body, deadLetteredAt: at, retryCount, reason };
  }

  redrive(key: string, positions: readonly string[]): Promise<number> {
    return this.#client.redrive(this.#group, key, positions.map(Number));
  }

  purge(key: string, positions: readonly string[]): Promise<number> {
    return this.#client.purge(this.#group, key, positions.map(Number));
  }
}
