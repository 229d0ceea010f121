import type { PublishOptions, PublishPayload, QueueKey } from '../contract/backend.ts';
import { ConnectionError, QueueClosedError, type QueueError, QueueTimeoutError } from '../contract/errors.ts';
import { type Logger, silentLogger } from '../contract/logger.ts';
import { OrderingKeys } from './ordering-keys.ts';
import { type OrderingKeyState, PendingPublish } from './pending-publish.ts';
import { PublishBudget } from './publish-budget.ts';
import { PublishDeadlines } from './publish-deadlines.ts';
import { type LaneHost, PublishLane } from './publish-lane.ts';
import type { PublishTarget } from './publish-target.ts';
import type { Publisher, PublisherSettings } from './publisher.ts';
import { type ResolvedPublish, resolvePublish } from './resolve-publish.ts';

/** A publisher for a target with lanes. */
export class LanePublisher implements Publisher {
  readonly #target: PublishTarget;
  readonly #settings: PublisherSettings;
  readonly #logger: Logger;
  readonly #lanes = new Map<string, PublishLane>();
  readonly #orderingKeys: OrderingKeys;
  readonly #deadlines = new PublishDeadlines((expired) => this.#expire(expired));
  readonly #closing = new AbortController();
  readonly #host: LaneHost;
  #sequence = 0;
  #isClosed = false;

  constructor(target: PublishTarget, settings: PublisherSettings) {
    const { maxUnderWay = 8_192, maxUnderWaySize = 64 * 2 ** 20, logger = silentLogger } = settings;
    this.#target = target;
    this.#settings = settings;
    this.#logger = logger;
    this.#orderingKeys = new OrderingKeys(target.storesPastGaps ?? false);
    this.#host = {
      target,
      budget: new PublishBudget(maxUnderWay, maxUnderWaySize),
      initialDelayMs: settings.retryDelayMs ?? 100,
      maxRetries: settings.maxRetries ?? Number.POSITIVE_INFINITY,
      closing: this.#closing.signal,
      assign: (pendings) => this.#assign(pendings),
      leave: ({ order }) => {
        if (order !== undefined) this.#orderingKeys.leave(order);
      },
      onEmpty: (lane) => {
        if (this.#lanes.get(lane.name) === lane) this.#lanes.delete(lane.name);
      },
    };
  }

  publish(key: QueueKey, payload: PublishPayload, options?: PublishOptions): Promise<void> {
    try {
      this.#assertOpen();
      return this.#add(resolvePublish(key, payload, options, this.#settings)).done;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async send(message: ResolvedPublish): Promise<void> {
    this.#assertOpen();
    await this.#add(message).done;
  }

  async close(timeoutMs: number): Promise<void> {
    this.#isClosed = true;
    await this.#deadlines.drained(timeoutMs, (left) => {
      for (const pending of left) pending.reject(this.#closed(pending));
    });
    this.#closing.abort();
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new QueueClosedError(`the ${this.#settings.broker} backend is closed: create a new one`);
  }

  #add(message: ResolvedPublish): PendingPublish {
    const size = this.#target.sizeOf?.(message) ?? message.text.length;
    this.#sequence += 1;
    const pending = new PendingPublish(message, this.#sequence, size, this.#onSettled);
    this.#deadlines.add(pending);
    if (message.orderingKey === undefined) this.#laneFor(pending).push(pending);
    else this.#orderingKeys.enter(pending, this.#laneFor);
    return pending;
  }

  readonly #onSettled = (pending: PendingPublish): void => {
    this.#deadlines.delete(pending);
    if (this.#logger === silentLogger || !pending.isStored) return;
    const { key, messageId } = pending.message;
    this.#logger.debug({ key, messageId }, 'queue_message_published');
  };

  /** Assigns messages to lanes. All messages of an ordering key use the same lane. */
  #assign(pendings: readonly PendingPublish[]): void {
    const moved = new Set<OrderingKeyState>();
    for (const pending of pendings) {
      const { order } = pending;
      if (order !== undefined && !moved.has(order)) {
        order.lane = this.#laneFor(pending);
        moved.add(order);
      }
      (order?.lane ?? this.#laneFor(pending)).push(pending);
    }
  }

  readonly #laneFor = ({ message }: PendingPublish): PublishLane => {
    const name = this.#target.laneOf(message);
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      lane = new PublishLane(name, this.#host);
      this.#lanes.set(name, lane);
    }
    return lane;
  };

  #expire(expired: readonly PendingPublish[]): void {
    for (const pending of expired) pending.reject(this.#late(pending));
    this.#orderingKeys.prune();
    for (const lane of [...this.#lanes.values()]) lane.prune();
  }

  #late(pending: PendingPublish): QueueError {
    const { broker } = this.#settings;
    const { message, refusal, lane } = pending;
    const operation = this.#operationOf(pending);
    const { timeoutMs } = message;
    const reason = refusal === undefined ? '' : ` (its last answer: ${reasonOf(refusal).slice(0, 100)})`;
    const cause = refusal ?? lane?.problem;
    if (pending.isUnderWay || pending.isUncertain) {
      return new QueueTimeoutError(
        `${operation}: ${broker} did not confirm the message within ${timeoutMs} ms${reason}; the outcome is unknown, so publish it again with the same messageId`,
        { cause },
      );
    }
    if (refusal !== undefined) {
      return new QueueTimeoutError(
        `${operation}: ${broker} did not store the message within ${timeoutMs} ms${reason}; publish it again`,
        {
          cause,
        },
      );
    }
    return (
      lane?.problem ??
      new ConnectionError(
        `${operation}: the message was not sent within ${timeoutMs} ms; nothing was stored, so publish it again`,
      )
    );
  }

  #closed(pending: PendingPublish): QueueError {
    const operation = this.#operationOf(pending);
    const outcome = pending.isUnderWay || pending.isUncertain ? 'the outcome is unknown' : 'nothing was stored';
    return new QueueClosedError(
      `${operation}: the backend was closed before ${this.#settings.broker} confirmed the message; ${outcome}`,
    );
  }

  #operationOf({ message }: PendingPublish): string {
    const { endpoint } = this.#settings;
    return `publishing to ${message.key}${endpoint === undefined ? '' : ` at ${endpoint}`}`;
  }
}

function reasonOf({ cause, message }: QueueError): string {
  return cause instanceof Error ? cause.message : message;
}
