import type { PausableConsumer } from '../timeline/consumer-channels.ts';

/** The running consumers of this process. */
export class LiveConsumers {
  readonly #consumers = new Set<PausableConsumer>();

  add(consumer: PausableConsumer): void {
    this.#consumers.add(consumer);
  }

  delete(consumer: PausableConsumer): void {
    this.#consumers.delete(consumer);
  }

  of(group: string): readonly PausableConsumer[] {
    return [...this.#consumers].filter((consumer) => consumer.group === group);
  }

  get groups(): readonly string[] {
    return [...new Set([...this.#consumers].map(({ group }) => group))].filter((group) => group !== undefined);
  }
}
