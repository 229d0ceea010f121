import type { Changes } from '../protocol/changes.ts';
import type { ResourceReader } from './resource-reader.ts';

/** Window in milliseconds within which several updates of a resource are published as one update. */
const GATHER_MS = 250;

/** Maximum number of paths that may wait to be published. */
const MOST_WAITING = 1_000;

/**
 * Publishes resource updates, and combines several updates within a short time. Updates of resources that may not be
 * read are skipped. Without subscribers, updates cost almost no work.
 */
export class ResourceUpdates {
  readonly #changes: Changes;
  readonly #reader: Pick<ResourceReader, 'locate'>;
  readonly #closing = new AbortController();
  readonly #prefixes: readonly string[];
  readonly #waiting = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param teams - the names of the workspaces, if the server uses several workspaces. A path is published for every
   * workspace. This is safe because Slack's IDs are unique across workspaces
   */
  constructor(changes: Changes, reader: Pick<ResourceReader, 'locate'>, teams: readonly string[]) {
    this.#changes = changes;
    this.#reader = reader;
    this.#prefixes = teams.length === 0 ? ['slack://'] : teams.map((team) => `slack://${team}/`);
  }

  /**
   * @param path - the resource URI without `slack://` and with IDs instead of names, for example
   * `channels/C0123456789/messages`
   */
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
