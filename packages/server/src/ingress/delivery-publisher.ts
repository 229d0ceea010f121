import {
  assertKey,
  type DedupeClaim,
  type DedupeStore,
  type KeySettings,
  type Logger,
  type PublishOptions,
  type QueueBackend,
  type QueueKey,
  QueueTimeoutError,
  routeKey,
} from '@slack-mcp/core';
import { Deadlines } from './deadlines.ts';
import type { Delivery } from './delivery.ts';
import type { MentionTwins } from './mention-twins.ts';
import type { ViewAnswer } from './view-answer.ts';

/** What travels with a delivery besides its payload. */
export interface DeliveryContext {
  readonly correlationId: string;
  readonly retryNum?: string | undefined;
  readonly retryReason?: string | undefined;
  /** How a submitted view was answered, where that is known before it is published. */
  readonly viewAnswer?: ViewAnswer | undefined;
  /** When its time began, on the clock of `performance.now()`. Default: with publishing. */
  readonly startedAt?: number | undefined;
}

/**
 * `published`: the backend confirmed it, which one that publishes idempotently does too where it has it already.
 * `duplicate`: known here to be in the queue already. `collapsed`: the queue has it as an `app_mention`.
 */
export type PublishOutcome = 'published' | 'duplicate' | 'collapsed';

/** Options of {@link createDeliveryPublisher}. */
export interface DeliveryPublisherOptions {
  readonly backend: Pick<QueueBackend, 'publish'>;
  readonly keys: KeySettings;
  /** Where a delivery goes; what it throws, or returns that is no key, is logged and `keys` decides. */
  readonly keyOf?: (delivery: Delivery) => QueueKey;
  /** For a backend that stores the same message twice. Default: none. */
  readonly dedupe?: DedupeStore;
  /** Drops the `message` that comes with an `app_mention`. Default: none, both are published. */
  readonly twins?: MentionTwins;
  readonly logger: Logger;
  /** Milliseconds from the call to the outcome; less for what Slack does not repeat. */
  readonly timeoutMs: number;
  /** Told of each attempt: milliseconds until the backend confirmed or failed. */
  readonly observe?: (durationMs: number, outcome: 'confirmed' | 'failed') => void;
}

/** Milliseconds that what Slack does not repeat has at most: its user waits 3 seconds, and is told after that. */
const UNREPEATED_TIMEOUT_MS = 2_000;

/** Milliseconds by which a backend may be late with its outcome: it knows whether anything was sent. */
const GRACE_MS = 50;

/** Puts deliveries into the queue. */
export interface DeliveryPublisher {
  keyFor(delivery: Delivery): QueueKey;
  /**
   * Resolves once the queue has it.
   *
   * @throws what the backend rejects with; QueueTimeoutError when the time is over
   */
  publish(delivery: Delivery, key: QueueKey, context: DeliveryContext): Promise<PublishOutcome>;
}

/** The last step of the ingress: the key, nothing twice, and a bound on the wait even where a backend has none. */
export function createDeliveryPublisher(options: DeliveryPublisherOptions): DeliveryPublisher {
  const { backend, keys, keyOf, dedupe, twins, logger, timeoutMs, observe } = options;
  const deadlines = new Deadlines();

  function keyFor(delivery: Delivery): QueueKey {
    if (keyOf === undefined) return routeKey(keys, delivery.kind);
    try {
      const key = keyOf(delivery);
      assertKey(key);
      return key;
    } catch (error) {
      const key = routeKey(keys, delivery.kind);
      logger.error({ kind: delivery.kind, key, reason: reasonOf(error) }, 'webhook_key_failed');
      return key;
    }
  }

  function publish(delivery: Delivery, key: QueueKey, context: DeliveryContext): Promise<PublishOutcome> {
    const patience = delivery.family === 'event' ? timeoutMs : Math.min(timeoutMs, UNREPEATED_TIMEOUT_MS);
    const dueAt = (context.startedAt ?? performance.now()) + patience;
    return twins === undefined && dedupe === undefined
      ? attempt(delivery, key, context, dueAt)
      : publishOnce(delivery, key, context, dueAt);
  }

  async function publishOnce(
    delivery: Delivery,
    key: QueueKey,
    context: DeliveryContext,
    dueAt: number,
  ): Promise<PublishOutcome> {
    if (twins !== undefined && (await twins.hasTwin(delivery))) return 'collapsed';
    const claim = await claimOf(delivery.messageId, dueAt);
    if (claim === 'published') return 'duplicate';
    const outcome = await attempt(delivery, key, context, dueAt, claim);
    twins?.published(delivery);
    return outcome;
  }

  /** A store that cannot answer costs a duplicate, never an event. */
  async function claimOf(messageId: string, dueAt: number): Promise<DedupeClaim | 'published' | undefined> {
    if (dedupe === undefined) return undefined;
    try {
      return await dedupe.claim(messageId, dueAt - performance.now());
    } catch (error) {
      if (error instanceof QueueTimeoutError) throw error;
      logger.warn({ messageId, reason: reasonOf(error) }, 'webhook_dedupe_failed');
      return undefined;
    }
  }

  /** What is confirmed after its time is published all the same: the claim is told, so that the retry is not. */
  function attempt(
    { kind, body, messageId, channel, eventId, appId }: Delivery,
    key: QueueKey,
    context: DeliveryContext,
    dueAt: number,
    claim?: DedupeClaim,
  ): Promise<'published'> {
    return new Promise((resolve, reject) => {
      const started = performance.now();
      const fail = (error: unknown): void => {
        if (!deadlines.delete(task)) return;
        observe?.(performance.now() - started, 'failed');
        if (claim !== undefined) settle(() => claim.release());
        reject(error);
      };
      const confirm = (): void => {
        if (claim !== undefined) settle(() => claim.confirm());
        if (!deadlines.delete(task)) return;
        observe?.(performance.now() - started, 'confirmed');
        resolve('published');
      };
      const task = deadlines.add(dueAt + GRACE_MS, () =>
        fail(new QueueTimeoutError(`the backend did not confirm within ${Math.ceil(dueAt - started)} ms`)),
      );
      try {
        const headers = headersOf({ kind, eventId, appId }, context);
        const options: PublishOptions = { messageId, headers, timeoutMs: Math.max(1, Math.ceil(dueAt - started)) };
        if (channel !== undefined) options.orderingKey = channel;
        backend.publish(key, body, options).then(confirm, fail);
      } catch (error) {
        fail(error);
      }
    });
  }

  function settle(step: () => Promise<void>): void {
    step().catch((error: unknown) => logger.warn({ reason: reasonOf(error) }, 'webhook_dedupe_failed'));
  }

  return { keyFor, publish };
}

function headersOf(
  {
    kind,
    eventId,
    appId,
  }: { readonly kind: string; readonly eventId?: string | undefined; readonly appId?: string | undefined },
  context: DeliveryContext,
): NonNullable<PublishOptions['headers']> {
  const headers: Record<string, string> = { kind, 'x-correlation-id': context.correlationId };
  if (eventId !== undefined) headers['x-slack-event-id'] = eventId;
  if (appId !== undefined) headers['x-slack-app-id'] = appId;
  if (context.retryNum !== undefined) headers['x-slack-retry-num'] = context.retryNum;
  if (context.retryReason !== undefined) headers['x-slack-retry-reason'] = context.retryReason;
  if (context.viewAnswer !== undefined) headers['x-view-answer'] = context.viewAnswer;
  return headers;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
