import { setTimeout as elapse } from 'node:timers/promises';
import {
  type BackendCapabilities,
  type BackendHealth,
  ConnectionError,
  type ConsumeOptions,
  type DeadLetters,
  LeaseLostError,
  type PublishOptions,
  type PublishPayload,
  type QueueBackend,
  type QueueKey,
  type QueueMessage,
  type QueuePayload,
  QueueTimeoutError,
  type Subscription,
} from '@slack-mcp/core';
import { createPublisher, type Publisher, type PublishTarget, type ResolvedPublish } from '@slack-mcp/core/backend';
import { wrapMessage, wrapSubscription } from '../wrap.ts';
import { decode, decodeDeadLetter, toBody } from './codec.ts';
import type { Connection, Link } from './link.ts';
import { createReferenceTarget } from './reference-target.ts';

const PARK_TIMEOUT_MS = 10_000;
/** Minimum milliseconds for pending publishes when the backend is closed. */
const MIN_FLUSH_MS = 2_000;

/** The capabilities of the reference backend on a broker with the given capabilities. Base64 makes bodies larger. */
export function referenceCapabilities(broker: BackendCapabilities): BackendCapabilities {
  return { ...broker, scope: 'network', persistent: true, maxPayloadBytes: 2 ** 20 };
}

/** Options of the reference backend. */
export interface ReferenceOptions {
  /** Stores the messages. */
  broker: QueueBackend;
  link: Link;
  namespace: string;
  /** Milliseconds for which a silent connection keeps its messages. */
  leaseMs: number;
  /** Milliseconds that a caller waits for a settlement. Default 10000. */
  timeoutMs?: number;
}

/**
 * A backend whose broker is an in-process queue behind a {@link Link} that can fail. The backend is small enough to
 * review, so it can serve to test the network properties themselves.
 */
export class ReferenceBackend implements QueueBackend {
  readonly name = 'reference';
  readonly capabilities: BackendCapabilities;
  protected readonly broker: QueueBackend;
  protected readonly link: Link;
  protected readonly namespace: string;
  /** The current or last connection. */
  protected connection: Connection | undefined;
  readonly #publisher: Publisher;
  readonly #leaseMs: number;
  readonly #timeoutMs: number;
  readonly #closed = new AbortController();
  readonly #stopWatching: () => void;
  readonly #inHand = new Set<() => void>();
  #unsettled = 0;

  constructor({ broker, link, namespace, leaseMs, timeoutMs = 10_000 }: ReferenceOptions) {
    this.capabilities = referenceCapabilities(broker.capabilities);
    this.broker = broker;
    this.link = link;
    this.namespace = namespace;
    this.#leaseMs = leaseMs;
    this.#timeoutMs = timeoutMs;
    this.#publisher = createPublisher(this.createTarget(), { ...this.capabilities, broker: 'the reference broker' });
    this.#stopWatching = link.onSilence((silenced) => {
      if (this.connection !== undefined && silenced.includes(this.connection)) this.#loseWhatIsInHand();
    });
  }

  publish(key: QueueKey, payload: PublishPayload, options?: PublishOptions): Promise<void> {
    return this.#publisher.publish(key, payload, options);
  }

  consume<P extends QueuePayload = QueuePayload>(options: ConsumeOptions = {}): Subscription<P> {
    return this.subscribe(options) as Subscription as Subscription<P>;
  }

  deadLetters(options: { group: string; keys?: readonly QueueKey[] }): DeadLetters {
    const parked = this.broker.deadLetters(options);
    return {
      async list(page) {
        const { items, ...rest } = await parked.list(page);
        return { ...rest, items: items.map(decodeDeadLetter) };
      },
      redrive: (ids) => parked.redrive(ids),
      purge: (ids) => parked.purge(ids),
    };
  }

  async health(): Promise<BackendHealth> {
    if (!this.link.up || this.connection?.silent) return { status: 'down', detail: { connected: false } };
    const health = await this.broker.health();
    if (this.#unsettled === 0) return health;
    return { ...health, status: 'degraded', detail: { ...health.detail, unsettled: this.#unsettled } };
  }

  async close(options?: { drainTimeoutMs?: number }): Promise<void> {
    await this.#publisher.close(MIN_FLUSH_MS);
    await this.broker.close(options);
    this.#closed.abort();
    this.#stopWatching();
    this.disconnect();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The broker's side of publishing. */
  protected createTarget(): PublishTarget {
    return createReferenceTarget({
      isConnected: () => this.link.up && this.connection?.open === true && !this.connection.silent,
      connect: async () => void (await this.reach(this.#closed.signal)),
      isAccepting: () => this.link.accepting,
      carry: (message) => this.link.carry(this.connection, message.key, () => this.put(message)),
      answered: () => this.answered(this.#closed.signal),
    });
  }

  /** Puts a message into the queue of the broker. */
  protected put({ key, text, messageId, headers, orderingKey }: ResolvedPublish): Promise<void> {
    const options: PublishOptions = { messageId, headers };
    if (orderingKey !== undefined) options.orderingKey = orderingKey;
    return this.broker.publish(key, toBody(text), options);
  }

  /** Closes the connection. */
  protected disconnect(): void {
    this.connection?.close();
  }

  /** Resolves to whether the broker could be reached before the signal aborted. */
  protected async reach(signal?: AbortSignal): Promise<boolean> {
    const reached = await this.link.until(() => this.link.up && !this.connection?.silent, signal);
    if (reached && !this.#closed.signal.aborted && !this.connection?.open)
      this.connection = this.link.connect(this.namespace);
    return reached;
  }

  /** Resolves to whether the broker's answer arrived. If it did not, waits until answers arrive again. */
  protected async answered(signal: AbortSignal): Promise<boolean> {
    if (this.link.answers) return true;
    await this.link.until(() => this.link.answers, signal);
    return false;
  }

  protected subscribe(options: ConsumeOptions): Subscription {
    const inner = this.broker.consume(options);
    const ending = new AbortController();
    const signals = [ending.signal, this.#closed.signal, ...(options.signal ? [options.signal] : [])];
    const signal = AbortSignal.any(signals);
    const ready = (async () => {
      if (!signal.aborted) await this.reach(signal);
      await inner.ready;
    })();
    ready.catch(() => {});
    const next = async (): Promise<IteratorResult<QueueMessage, undefined>> => {
      for (;;) {
        const result = await inner.next();
        if (result.done) return result;
        if (this.connection?.open && !(await this.link.arrives(this.connection))) {
          await this.reclaim(result.value);
          continue;
        }
        const message = await this.#receive(result.value);
        if (message === undefined) continue;
        if (await this.reach(signal)) return { done: false, value: message };
      }
    };
    return wrapSubscription(inner, {
      ready,
      next,
      return: () => {
        ending.abort();
        return inner.return();
      },
      close: (drain) => {
        ending.abort();
        return inner.close(drain);
      },
    });
  }

  /** Parks a message for its group. If parking fails, the message is not acked. */
  protected async park(message: QueueMessage, reason: Parameters<QueueMessage['deadLetter']>[0]): Promise<void> {
    const deadline = AbortSignal.timeout(PARK_TIMEOUT_MS);
    if (!(await this.reach(deadline))) throw new ConnectionError('the broker is away: the message was not parked');
    await message.deadLetter(reason);
  }

  /** Makes the broker deliver a message again that did not arrive. */
  protected async reclaim(message: QueueMessage): Promise<void> {
    await message.nack();
  }

  /** Settles a message as soon as the broker is reachable and accepts writes, even if the caller no longer waits. */
  protected async settle(how: () => Promise<void>): Promise<void> {
    this.#unsettled += 1;
    const isReady = (): boolean => this.link.up && this.link.accepting;
    const settled = this.link.until(isReady, this.#closed.signal).then((reached) => {
      this.#unsettled -= 1;
      return reached ? how() : undefined;
    });
    const patience = new AbortController();
    const late = elapse(this.#timeoutMs, undefined, { signal: patience.signal }).then(() => {
      throw new QueueTimeoutError(`the broker did not confirm within ${this.#timeoutMs} ms`);
    });
    late.catch(() => {});
    settled.catch(() => {});
    await Promise.race([settled, late]).finally(() => patience.abort());
  }

  /** Skips a message that an independent consumer cannot decode. */
  protected async skip(message: QueueMessage): Promise<void> {
    await message.ack();
  }

  async #receive(message: QueueMessage): Promise<QueueMessage | undefined> {
    let payload: QueuePayload;
    try {
      payload = decode(message.payload);
    } catch (error) {
      await (message.metadata.group === undefined
        ? this.skip(message)
        : this.park(message, { error, code: 'UNDECODABLE' }));
      return undefined;
    }
    const lease = new AbortController();
    const lose = (): void => {
      this.#inHand.delete(lose);
      lease.abort();
      void message.nack();
    };
    this.#inHand.add(lose);
    const settle = async (how: () => Promise<void>): Promise<void> => {
      if (lease.signal.aborted) throw new LeaseLostError('the message went to another consumer');
      this.#inHand.delete(lose);
      await this.settle(how);
    };
    let signal: AbortSignal | undefined;
    const signalOf = (): AbortSignal => {
      signal ??= AbortSignal.any([message.signal, lease.signal]);
      return signal;
    };
    const settling: Partial<QueueMessage> = {
      ack: () => settle(() => message.ack()),
      nack: (delay) => settle(() => message.nack(delay)),
      deadLetter: (reason) => settle(() => this.park(message, reason)),
    };
    return wrapMessage(message, { payload, ...settling }, signalOf);
  }

  #loseWhatIsInHand(): void {
    const lost = [...this.#inHand];
    setTimeout(() => {
      for (const lose of lost) if (this.#inHand.has(lose)) lose();
    }, this.#leaseMs).unref();
  }
}
