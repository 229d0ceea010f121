import { KafkaLink } from './driver/index.ts';
import { GroupOffsets } from './group-offsets.ts';
import type { ResolvedOptions } from './options.ts';
import { TopicCatalog } from './topic-catalog.ts';
import { groupId } from './topic-names.ts';

/** The connections of a backend, and the topics that are known to exist. */
export class KafkaConnection {
  readonly link: KafkaLink;
  readonly catalog: TopicCatalog;
  readonly #options: ResolvedOptions;
  readonly #prepared = new Set<string>();
  #uses = 0;

  constructor(options: ResolvedOptions) {
    this.#options = options;
    this.link = new KafkaLink(options);
    this.catalog = new TopicCatalog(this.link, options);
  }

  /** Returns a new value for the `use` argument, for requests that need their own connections. */
  newUse(): string {
    this.#uses += 1;
    return String(this.#uses);
  }

  /** Whether {@link prepare} has succeeded for the topic. */
  isPrepared(topic: string): boolean {
    return this.#prepared.has(topic);
  }

  unprepare(topic: string): void {
    this.#prepared.delete(topic);
    this.link.forget([topic]);
  }

  /**
   * Makes one attempt to create a topic, and to store a position in the topic for each of the groups. For a topic that is
   * prepared, makes one attempt to find the leaders of all its partitions.
   */
  async prepare(topic: string, groups: readonly string[]): Promise<void> {
    if (this.#prepared.has(topic)) {
      await this.catalog.locate(topic);
      return;
    }
    await this.catalog.ensure({ topic });
    for (const group of groups) {
      await new GroupOffsets(this.link, groupId(this.#options.prefix, group)).found(topic, async () =>
        // A group without a position in a partition starts at its beginning.
        this.catalog.offsets(topic, 'earliest', await this.catalog.withLeader(topic)),
      );
    }
    this.#prepared.add(topic);
  }

  close(): void {
    this.link.close();
  }
}
