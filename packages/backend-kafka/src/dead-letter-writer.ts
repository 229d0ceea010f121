import { retryUntil } from '@slack-mcp/core/backend';
import { encodeParked, type Parking } from './parked-record.ts';
import type { OpenMessage, Place } from './partition-tracker.ts';
import type { RecordWriter } from './record-writer.ts';
import { TopicNames } from './topic-names.ts';

/**
 * The settings of a topic for dead letters. Kafka keeps the latest record of each key, and a record without a value
 * deletes the dead letter with the same key.
 */
export const COMPACTED = { 'cleanup.policy': 'compact' };

/** Parks messages. Every pair of key and group has one topic for its dead letters. */
export class DeadLetterWriter {
  readonly #writer: RecordWriter;
  readonly #prefix: string;

  constructor(writer: RecordWriter, prefix: string) {
    this.#writer = writer;
    this.#prefix = prefix;
  }

  /** Makes one attempt to store a message as a dead letter. */
  park(place: Place, message: OpenMessage, parking: Parking): Promise<void> {
    const topic = new TopicNames(this.#prefix, place.key).dead(parking.group);
    return this.#writer.write({ topic, config: COMPACTED }, [encodeParked(place, message, parking)]);
  }

  /** Stores a record that is not a message as a dead letter. Repeats failed attempts until the signal is aborted. */
  parkUndecodable(
    place: Place,
    message: OpenMessage,
    error: Error,
    { group, signal }: { group: string; signal: AbortSignal },
  ): Promise<void> {
    const reason = { code: 'UNDECODABLE', name: error.name, message: error.message };
    return retryUntil(() => this.park(place, message, { group, reason }), { signal });
  }
}
