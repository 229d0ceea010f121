import { type Address, formatAddress } from '@slack-mcp/core/backend';
import type { TopicMetadata } from './api.ts';
import { Connection, type ConnectionSettings } from './connection.ts';
import { assertSuccess } from './error-code.ts';
import { NoAnswerError } from './no-answer-error.ts';

export interface LinkOptions extends ConnectionSettings {
  readonly brokers: readonly Address[];
}

/**
 * The node id of the leader of each partition of a topic, by partition number. -1 means that the partition currently
 * has no leader.
 */
export type Leaders = readonly number[];

/**
 * The connections to a cluster, and the known metadata of the cluster. A broker answers the requests of a connection
 * one after the other, so requests that may block use a separate connection.
 */
export class KafkaLink {
  /** The error of the last failed attempt to reach a broker. */
  lastError: unknown;
  readonly #options: LinkOptions;
  readonly #connections = new Map<string, Connection>();
  /** The values of `use` with which connections may be opened. */
  readonly #uses = new Set<string>([MAIN]);
  readonly #leaders = new Map<string, Leaders>();
  readonly #coordinators = new Map<string, number>();
  #nodes = new Map<number, Address>();
  #controller = -1;
  #seed = 0;
  #isClosed = false;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /** Returns the leaders of a topic, or `undefined` if they are not known. */
  leaders(topic: string): Leaders | undefined {
    return this.#leaders.get(topic);
  }

  /** Forgets the leaders of some topics, so that the next request asks the cluster for them. */
  forget(topics: Iterable<string>): void {
    for (const topic of topics) this.#leaders.delete(topic);
  }

  /**
   * Forgets the leaders of every topic in which the node leads a partition, so that the next request asks the cluster
   * for them.
   */
  forgetNode(nodeId: number): void {
    for (const [topic, leaders] of this.#leaders) if (leaders.includes(nodeId)) this.#leaders.delete(topic);
  }

  /** Asks the cluster for the metadata of topics. */
  async refresh(topics: readonly string[]): Promise<ReadonlyMap<string, TopicMetadata>> {
    const connection = await this.#any();
    const { brokers, controllerId, topicMetadata } = await this.#attempt(
      connection.request('Metadata', { topics, allowAutoTopicCreation: false }),
    );
    this.#nodes = new Map(brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]));
    this.#controller = controllerId;
    this.#adopt(connection);
    for (const topic of topics) this.#leaders.delete(topic);
    for (const { topic, topicErrorCode, partitionMetadata } of topicMetadata) {
      if (topicErrorCode !== 0 || partitionMetadata.length === 0) continue;
      const leaders: number[] = [];
      for (const { partitionId, leader, partitionErrorCode } of partitionMetadata) {
        leaders[partitionId] = partitionErrorCode === 5 ? -1 : leader;
      }
      this.#leaders.set(topic, leaders);
    }
    return new Map(topicMetadata.map((metadata) => [metadata.topic, metadata]));
  }

  /** Whether the connection to a node is ready for use. */
  isOpen(nodeId: number, use: string): boolean {
    return this.#connections.get(`${nodeId}/${use}`)?.isOpen ?? false;
  }

  /** Allows requests to reserve connections for `use`, until {@link release}. */
  reserve(use: string): void {
    this.#uses.add(use);
  }

  /** Returns the connection to a node that is reserved for `use`. */
  async node(nodeId: number, use: string): Promise<Connection> {
    const address = this.#nodes.get(nodeId);
    if (address === undefined) throw new Error(`the cluster currently has no broker ${nodeId}: try again`);
    // A request that had to wait for the address must not open a connection that no one closes.
    if (!this.#uses.has(use))
      throw new Error(`the connections reserved for ${use} were released: reserve new connections`);
    return this.#open(`${nodeId}/${use}`, address);
  }

  async controller(): Promise<Connection> {
    await this.refresh([]);
    return this.node(this.#controller, MAIN);
  }

  /** Returns the connection to the coordinator of a group. */
  async coordinator(groupId: string, use: string): Promise<Connection> {
    let nodeId = this.#coordinators.get(groupId);
    if (nodeId === undefined) {
      const connection = await this.#any();
      const { errorCode, coordinator } = await this.#attempt(connection.request('GroupCoordinator', { groupId }));
      assertSuccess(errorCode);
      nodeId = coordinator.nodeId;
      this.#nodes.set(nodeId, { host: coordinator.host, port: coordinator.port });
      this.#coordinators.set(groupId, nodeId);
    }
    try {
      return await this.node(nodeId, use);
    } catch (error) {
      this.#coordinators.delete(groupId);
      throw error;
    }
  }

  forgetCoordinator(groupId: string): void {
    this.#coordinators.delete(groupId);
  }

  /** Closes the connections that are reserved for `use`, and opens no more of them. */
  release(use: string): void {
    this.#uses.delete(use);
    for (const [name, connection] of this.#connections) {
      if (!name.endsWith(`/${use}`)) continue;
      this.#connections.delete(name);
      connection.destroy();
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const connection of this.#connections.values()) connection.destroy();
    this.#connections.clear();
  }

  /** Returns a connection to any broker. */
  async #any(): Promise<Connection> {
    for (const [name, connection] of this.#connections) {
      if (name.endsWith(`/${MAIN}`) && connection.isOpen) return connection;
    }
    const known = [...this.#nodes].map(([nodeId, address]) => ({ name: `${nodeId}/${MAIN}`, address }));
    const seeds = this.#options.brokers.map((address) => ({ name: `${formatAddress(address)}/${MAIN}`, address }));
    const candidates = [...known, ...seeds];
    let failure: unknown;
    for (let attempt = 0; attempt < candidates.length; attempt += 1) {
      const { name, address } = candidates[(this.#seed + attempt) % candidates.length] as (typeof candidates)[number];
      try {
        return await this.#open(name, address);
      } catch (error) {
        failure = error;
      }
    }
    this.#seed += 1;
    throw failure;
  }

  /**
   * Uses the connection to a bootstrap address as the connection to the node at the same address. If that node already
   * has a connection, closes the connection to the bootstrap address once its pending requests are answered.
   */
  #adopt(connection: Connection): void {
    const where = formatAddress(connection.address);
    const seed = `${where}/${MAIN}`;
    if (this.#connections.get(seed) !== connection) return;
    for (const [nodeId, address] of this.#nodes) {
      const own = `${nodeId}/${MAIN}`;
      if (formatAddress(address) !== where) continue;
      this.#connections.delete(seed);
      if (this.#connections.get(own)?.isOver === false) connection.retire();
      else this.#connections.set(own, connection);
      return;
    }
  }

  /**
   * Closes all connections to an address that have been silent for `timeoutMs`. Called when a connection to the address
   * is silent.
   */
  #doubt(address: Address, timeoutMs: number): void {
    const since = performance.now() - timeoutMs;
    for (const connection of this.#connections.values()) {
      const isSame = formatAddress(connection.address) === formatAddress(address);
      if (isSame && connection.isOpen && connection.heardAt < since) connection.destroy(new NoAnswerError(timeoutMs));
    }
  }

  async #open(name: string, address: Address): Promise<Connection> {
    if (this.#isClosed) throw new Error('the connection to Kafka was closed: create a new backend');
    let connection = this.#connections.get(name);
    if (connection === undefined || connection.isOver || formatAddress(connection.address) !== formatAddress(address)) {
      connection?.destroy();
      connection = new Connection(address, this.#options, (timeoutMs) => this.#doubt(address, timeoutMs));
      this.#connections.set(name, connection);
    }
    await this.#attempt(connection.open());
    return connection;
  }

  async #attempt<T>(answer: Promise<T>): Promise<T> {
    try {
      const value = await answer;
      this.lastError = undefined;
      return value;
    } catch (error) {
      this.lastError = error;
      throw error;
    }
  }
}

/** The value of `use` for all requests that the broker answers without waiting for other events. */
export const MAIN = 'main';
