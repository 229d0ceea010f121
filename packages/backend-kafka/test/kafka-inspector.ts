import { randomUUID } from 'node:crypto';
import { waitFor } from '@slack-mcp/brokers';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { decodeState } from '../src/commit-metadata.ts';

/** Looks at a Kafka broker past the backend, over the library's own clients. */
export class KafkaInspector {
  readonly #kafka: Kafka;
  readonly #admin: Admin;
  #connecting: Promise<unknown> | undefined;

  /** @param address - of a listener without a login */
  constructor(address: string) {
    this.#kafka = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING });
    this.#admin = this.#kafka.admin();
  }

  async groups(prefix: string): Promise<string[]> {
    const admin = await this.#connect();
    const { groups } = await admin.listGroups();
    return groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(prefix));
  }

  /** Stores a record in the first partition of a topic. */
  async store(topic: string, bytes: Uint8Array): Promise<void> {
    const admin = await this.#connect();
    // A broker answers the creation of a topic before it accepts records.
    await waitFor('the topic', async () => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] }).catch(() => ({ topics: [] }));
      return topics[0]?.partitions.every(({ leader }) => leader >= 0) ?? false;
    });
    // A producer asks for all topics that it has ever written to, and fails if one of them was deleted.
    const producer = this.#kafka.producer({ allowAutoTopicCreation: false, createPartitioner: () => () => 0 });
    await producer.connect();
    await producer.send({ topic, acks: -1, messages: [{ value: Buffer.from(bytes) }] });
    await producer.disconnect();
  }

  /** Number of messages that a group has not settled, in all topics of a prefix. */
  async depth(prefix: string, group: string): Promise<number> {
    const admin = await this.#connect();
    const isRead = (topic: string): boolean =>
      topic.startsWith(prefix) &&
      !topic.endsWith('.dead') &&
      (!topic.endsWith('.again') || topic.endsWith(`.${group}.again`));
    const topics = (await admin.listTopics()).filter(isRead);
    const depths = await Promise.all(topics.map((topic) => this.depthOf(topic, `${prefix}${group}`)));
    return depths.reduce((sum, depth) => sum + depth, 0);
  }

  /** Number of messages of a topic that a group has not settled. */
  async depthOf(topic: string, groupId: string): Promise<number> {
    const admin = await this.#connect();
    if (!(await admin.listTopics()).includes(topic)) return 0;
    const [stored] = await admin.fetchOffsets({ groupId, topics: [topic] });
    const offsets = new Map(stored?.partitions.map((each) => [each.partition, each]));
    let depth = 0;
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      const { offset = '-1', metadata } = offsets.get(partition) ?? {};
      const start = Math.max(Number(offset), Number(low));
      const state = metadata ? decodeState(Number(offset), metadata) : undefined;
      if (state === undefined) depth += Number(high) - start;
      else depth += state.holes.length + Number(high) - Math.max(state.end, state.prefix);
    }
    return depth;
  }

  /** The values of a topic, oldest first. */
  async stored(topic: string): Promise<Buffer[]> {
    await this.#connect();
    const ends = await this.#admin.fetchTopicOffsets(topic);
    let left = ends.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
    const found: { value: Buffer; at: number }[] = [];
    if (left === 0) return [];
    const consumer = this.#kafka.consumer({ groupId: `inspector-${randomUUID()}` });
    const done = Promise.withResolvers<void>();
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      async eachMessage({ message }) {
        found.push({ value: message.value ?? Buffer.alloc(0), at: Number(message.timestamp) });
        left -= 1;
        if (left === 0) done.resolve();
      },
    });
    await done.promise;
    await consumer.disconnect();
    return found.sort((a, b) => a.at - b.at).map(({ value }) => value);
  }

  /** Deletes the topics and groups of a prefix. */
  async wipe(prefix: string): Promise<void> {
    const admin = await this.#connect();
    const ours = async (): Promise<string[]> => (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
    // Kafka refuses the list while it deletes topics of another property.
    const topics = await waitFor('the list of topics', ours);
    if (topics.length > 0) await admin.deleteTopics({ topics }).catch(() => undefined);
    await waitFor('the topics to be gone', async () => (await ours()).every((topic) => !topics.includes(topic)));
    const groups = await this.groups(prefix);
    if (groups.length > 0) await admin.deleteGroups(groups).catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#admin.disconnect();
  }

  async #connect(): Promise<Admin> {
    this.#connecting ??= this.#admin.connect();
    await this.#connecting;
    return this.#admin;
  }
}
