import { decodeParkingRecord, type Parked, type ParkedContent, type ParkedStore } from '@slack-mcp/core/backend';
import type { AcmeClient, ParkedEntry } from './client.ts';
import { decodeFields } from './codec.ts';

/** A parked message. */
export interface AcmeParked extends Parked {
  readonly entry: ParkedEntry;
}

/** The dead letters of a group. */
export class AcmeParkedStore implements ParkedStore<AcmeParked> {
  readonly #client: AcmeClient;
  readonly #group: string;

  constructor(client: AcmeClient, group: string) {
    this.#client = client;
    this.#group = group;
  }

  isPosition(text: string): boolean {
    return /^[1-9]\d{0,14}$/.test(text);
  }

  comparePositions(a: string, b: string): number {
    return Number(a) - Number(b);
  }

  async read(key: string, from: string | undefined, limit: number): Promise<AcmeParked[]> {
    const parked = await this.#client.parked(this.#group, key);
    const after = parked.filter((entry) => entry.parked >= Number(from ?? 0)).slice(0, limit);
    return after.map((entry) => ({ position: String(entry.parked), entry }));
  }

  async newest(key: string): Promise<string | undefined> {
    return (await this.#client.parked(this.#group, key)).at(-1)?.parked.toString();
  }

  describe({ entry, position }: AcmeParked): ParkedContent {
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
