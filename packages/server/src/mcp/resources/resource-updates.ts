import type { Changes } from '../protocol/changes.ts';
import type { ResourceReader } from './resource-reader.ts';

/** Milliseconds in which updates of one resource are told once. */
const GATHER_MS = 250;

/** Addresses that may wait to be told. */
const MOST_WAITING = 1_000;

/**
 * Tells of updated resources, once for many updates in a short time. What may not be read is not told of either. Costs
 * next to nothing while nobody listens.
 */
export class ResourceUpdates {
  readonly #changes: Changes;
  readonly #reader: Pick<ResourceReader, 'locate'>;
  readonly #closing = new AbortController();
  readonly #prefixes: readonly string[];
  readonly #waiting = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  /** @param teams - the workspaces, where there are several: ids tell whose a resource is, so each is told of */
  constructor(changes: Changes, reader: Pick<ResourceReader, 'locate'>, teams: readonly string[]) {
    this.#changes = changes;
    this.#reader = reader;
    this.#prefixes = teams.length === 0 ? ['slack://'] : teams.map((team) => `slack://${team}/`);
  }

  /** @param path - what stands after `slack://`, with ids for names: `channels/C0123456789/messages` */
  add(path: string): void {
    if (!this.#changes.isWatched) return;
    this.#waiting.add(path);
    if (this.#waiting.size >= MOST_WAITING) this.#tell();
    else this.#timer ??= setTimeout(() => this.#tell(), GATHER_MS).unref();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#waiting.clear();
    this.#closing.abort();
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const paths = [...this.#waiting];
    this.#waiting.clear();
    for (const path of paths) {
      for (const prefix of this.#prefixes) {
        this.#reader.locate(prefix + path, this.#closing).then(
          (uri) => this.#changes.publish({ kind: 'resource_updated', uri }),
          () => {},
        );
      }
    }
  }
}
