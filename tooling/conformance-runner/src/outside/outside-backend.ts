import {
  assertGroup,
  type BackendCapabilities,
  type BackendHealth,
  type BackendPlugin,
  type ConsumeOptions,
  type DeadLetters,
  decodePayload,
  type Env,
  type Logger,
  type PublishOptions,
  type PublishPayload,
  type QueueBackend,
  type QueueKey,
  type QueuePayload,
  readEnv,
  type Subscription,
} from '@slack-mcp/core';
import {
  BackendLifecycle,
  type BrokerOptions,
  brokerEnv,
  createPublisher,
  type Delivery,
  type DeliverySink,
  type DeliverySource,
  type OutgoingMessage,
  type Publisher,
  type PublishOutcome,
  type PublishTarget,
  type ResolvedBrokerOptions,
  type ResolvedConsumeOptions,
  type ResolvedPublish,
  readBrokerEnv,
  resolveBrokerOptions,
  resolveConsumeOptions,
} from '@slack-mcp/core/backend';

// A backend as an author outside the repository writes it. The packaging check compiles it against the packed packages
// and runs properties of the packed suite on it. It serves only independent consumers.

interface OutsideDelivery extends Delivery {
  readonly message: ResolvedPublish;
}

type Listener = (message: ResolvedPublish) => void;

class Listeners {
  readonly all = new Set<Listener>();
}

class OutsideTarget implements PublishTarget {
  readonly #listeners: () => Listeners;

  constructor(listeners: () => Listeners) {
    this.#listeners = listeners;
  }

  laneOf({ key }: ResolvedPublish): string {
    return key;
  }

  async send(_lane: string, batch: readonly OutgoingMessage[]): Promise<PublishOutcome> {
    for (const { message } of batch) for (const listener of this.#listeners().all) listener(message);
    return { status: 'stored' };
  }
}

class OutsideSource implements DeliverySource<OutsideDelivery> {
  readonly #listeners: Listeners;
  readonly #options: ResolvedConsumeOptions;
  readonly #waiting: OutsideDelivery[] = [];
  #sink: DeliverySink<OutsideDelivery> | undefined;

  constructor(listeners: Listeners, options: ResolvedConsumeOptions) {
    this.#listeners = listeners;
    this.#options = options;
  }

  async open(sink: DeliverySink<OutsideDelivery>): Promise<void> {
    this.#sink = sink;
    this.#listeners.all.add(this.#listen);
  }

  pull(): void {
    while (this.#sink !== undefined && this.#sink.free() > 0) {
      const delivery = this.#waiting.shift();
      if (delivery === undefined) return;
      this.#sink.deliver(delivery);
    }
  }

  async ack(): Promise<readonly OutsideDelivery[]> {
    return [];
  }

  async nack({ message, metadata }: OutsideDelivery): Promise<void> {
    this.#add(message, metadata.retryCount + 1, metadata.deliveryCount + 1);
  }

  async deadLetter(): Promise<void> {
    throw new TypeError('only groups have dead letters');
  }

  async release(deliveries: readonly OutsideDelivery[], { begun }: { begun: boolean }): Promise<void> {
    for (const { message, metadata } of deliveries) {
      this.#add(message, metadata.retryCount, metadata.deliveryCount + (begun ? 1 : 0));
    }
  }

  async close(): Promise<void> {
    this.#sink = undefined;
    this.#listeners.all.delete(this.#listen);
  }

  readonly #listen = (message: ResolvedPublish): void => {
    if (this.#options.keys.includes(message.key)) this.#add(message, 0, 1);
  };

  #add(message: ResolvedPublish, retryCount: number, deliveryCount: number): void {
    const { key, messageId, timestamp, headers, orderingKey, text } = message;
    const ordering = orderingKey === undefined ? {} : { orderingKey };
    const metadata = { key, messageId, timestamp, headers, retryCount, deliveryCount, ...ordering };
    this.#waiting.push({ message, metadata, payload: decodePayload(text) });
    this.pull();
  }
}

const { behavior } = brokerEnv('OUTSIDE', 'the process');

/** Delivers published messages to the consumers in the same process. */
export class OutsideBackend implements QueueBackend {
  static readonly #spaces = new Map<string, Listeners>();
  readonly name = 'outside';
  readonly capabilities: BackendCapabilities;
  readonly #options: ResolvedBrokerOptions;
  readonly #lifecycle: BackendLifecycle<Listeners>;
  readonly #publisher: Publisher;

  constructor(options: BrokerOptions = {}) {
    this.#options = resolveBrokerOptions(options);
    const { maxPayloadBytes, prefix } = this.#options;
    this.capabilities = {
      scope: 'process',
      persistent: false,
      ordering: 'single-consumer',
      idempotentPublish: false,
      retainsWithoutGroup: false,
      patterns: false,
      retryCount: 'exact',
      settlement: 'individual',
      maxPayloadBytes,
    };
    const listeners = OutsideBackend.#spaces.get(prefix) ?? new Listeners();
    OutsideBackend.#spaces.set(prefix, listeners);
    this.#lifecycle = new BackendLifecycle({ broker: 'Outside', connect: () => listeners, disconnect: () => {} });
    const target = new OutsideTarget(() => this.#lifecycle.connection());
    this.#publisher = createPublisher(target, { ...this.#options, broker: 'Outside' });
  }

  static fromEnv(env?: Env, { logger }: { logger?: Logger } = {}): OutsideBackend {
    return new OutsideBackend(readBrokerEnv(readEnv(behavior, env), 'OUTSIDE', logger));
  }

  publish(key: QueueKey, payload: PublishPayload, options?: PublishOptions): Promise<void> {
    return this.#publisher.publish(key, payload, options);
  }

  consume<P extends QueuePayload = QueuePayload>(options?: ConsumeOptions): Subscription<P> {
    const { keys, logger, timeoutMs } = this.#options;
    const resolved = resolveConsumeOptions(options, { keys, capabilities: this.capabilities });
    const source = new OutsideSource(this.#lifecycle.use(), resolved);
    return this.#lifecycle.subscribe(source, resolved, { logger, timeoutMs });
  }

  deadLetters({ group }: { group: string }): DeadLetters {
    assertGroup(group);
    const none = async (): Promise<number> => 0;
    return { list: async () => ({ items: [] }), redrive: none, purge: none };
  }

  async health(): Promise<BackendHealth> {
    const { isClosed, unsettled } = this.#lifecycle;
    return { status: isClosed ? 'down' : unsettled > 0 ? 'degraded' : 'up', detail: { unsettled } };
  }

  close(options?: { drainTimeoutMs?: number }): Promise<void> {
    return this.#lifecycle.close(this.#publisher, options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** The default export of a real package. */
export const plugin: BackendPlugin = { apiVersion: 1, name: 'outside', env: behavior, Backend: OutsideBackend };
