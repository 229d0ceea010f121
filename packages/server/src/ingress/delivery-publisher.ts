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
import { injectTrace, traced } from '@slack-mcp/slack';
import { Deadlines } from './deadlines.ts';
import type { Delivery } from './delivery.ts';
import type { MentionTwins } from './mention-twins.ts';
import type { SpoolingPublisher } from './spool/spooling-publisher.ts';
import type { ViewAnswer } from './view-answer.ts';

/** Metadata that is published together with a delivery. */
export interface DeliveryContext {
  readonly correlationId: string;
  readonly retryNum?: string | undefined;
  readonly retryReason?: string | undefined;
  /** How a submitted view was answered, if the answer is known before the delivery is published. */
  readonly viewAnswer?: ViewAnswer | undefined;
  /**
   * When the time limit of the delivery began, on the clock of `performance.now()`; default: when `publish` is called.
   */
  readonly startedAt?: number | undefined;
}

/**
 * The outcome of publishing a delivery. With `published`, the backend confirmed the message; a backend with idempotent
 * publishing may have stored the message earlier. With `spooled`, the event is on the disk, and is published later. With
 * `duplicate`, the dedupe store knows that the message is already in the queue. With `collapsed`, the queue already
 * contains the `app_mention` of the same message.
 */
export type PublishOutcome = 'published' | 'spooled' | 'duplicate' | 'collapsed';

/** Options of {@link createDeliveryPublisher}. */
export interface DeliveryPublisherOptions {
  readonly backend: Pick<QueueBackend, 'publish'>;
  /** Publishes events instead of `backend`, and keeps them on disk while the broker is unavailable. */
  readonly spool?: Pick<SpoolingPublisher, 'publish'> | undefined;
  readonly keys: KeySettings;
  /**
   * Chooses the key of a delivery. If the function throws or returns an invalid key, the failure is logged and `keys`
   * determines the key.
   */
  readonly keyOf?: (delivery: Delivery) => QueueKey;
  /**
   * Prevents duplicates for a backend that would store the same message twice; by default, the server does not
   * deduplicate.
   */
  readonly dedupe?: DedupeStore;
  /** Drops the `message` that Slack sends along with an `app_mention`; by default, both are published. */
  readonly twins?: MentionTwins;
  readonly logger: Logger;
  /** Maximum time in milliseconds to publish a delivery. Deliveries that Slack does not repeat have at most 2000 ms. */
  readonly timeoutMs: number;
  /** Called after each attempt with the time in milliseconds that the backend took to confirm or fail. */
  readonly observe?: (durationMs: number, outcome: 'confirmed' | 'failed') => void;
}

/**
 * Maximum milliseconds to publish a delivery that Slack does not repeat. Slack waits 3 seconds for the answer to a
 * delivery.
 */
const UNREPEATED_TIMEOUT_MS = 2_000;

/**
 * Additional milliseconds to wait for the backend's own timeout error, because only the backend knows whether it sent
 * the message.
 */
const GRACE_MS = 50;

/** Publishes deliveries to the queue. */
export interface DeliveryPublisher {
  keyFor(delivery: Delivery): QueueKey;
  /**
   * Resolves with the outcome when the delivery is queued, spooled or dropped.
   *
   * @throws the backend's error, or QueueTimeoutError if the backend does not confirm in time
   */
  publish(delivery: Delivery, key: QueueKey, context: DeliveryContext): Promise<PublishOutcome>;
}

/**
 * Creates the last step of the ingress, which chooses the key, prevents duplicates, and enforces the time limit even if
 * the backend does not.
 */
export function createDeliveryPublisher(options: DeliveryPublisherOptions): DeliveryPublisher {
  const { backend, spool, keys, keyOf, dedupe, twins, logger, timeoutMs, observe } = options;
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
    const attributes = {
      'messaging.operation.type': 'publish',
      'messaging.destination.name': key,
      'messaging.message.id': delivery.messageId,
    };
    return traced(`publish ${key}`, { kind: 'producer', attributes }, () =>
      twins === undefined && dedupe === undefined
        ? attempt(delivery, key, context, dueAt)
        : publishOnce(delivery, key, context, dueAt),
    );
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

  /**
   * Claims the message in the dedupe store. If the store fails, the message is published without a claim, so that no
   * event is lost.
   */
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

  /**
   * Publishes a message within its time limit. If the backend confirms after the limit, the claim is still confirmed,
   * so that Slack's retry is not published.
   */
  function attempt(
    { family, kind, body, messageId, channel, eventId, appId }: Delivery,
    key: QueueKey,
    context: DeliveryContext,
    dueAt: number,
    claim?: DedupeClaim,
  ): Promise<'published' | 'spooled'> {
    return new Promise((resolve, reject) => {
      const started = performance.now();
      const fail = (error: unknown): void => {
        if (!deadlines.delete(task)) return;
        observe?.(performance.now() - started, 'failed');
        if (claim !== undefined) settle(() => claim.release());
        reject(error);
      };
      const confirm = (outcome: 'published' | 'spooled'): void => {
        if (claim !== undefined) settle(() => claim.confirm());
        if (!deadlines.delete(task)) return;
        observe?.(performance.now() - started, outcome === 'published' ? 'confirmed' : 'failed');
        resolve(outcome);
      };
      const task = deadlines.add(dueAt + GRACE_MS, () =>
        fail(
          new QueueTimeoutError(
            `the queue backend did not confirm the message within ${Math.ceil(dueAt - started)} ms: check the broker`,
          ),
        ),
      );
      try {
        const headers = headersOf({ kind, eventId, appId }, context);
        const options: PublishOptions = { messageId, headers, timeoutMs: Math.max(1, Math.ceil(dueAt - started)) };
        if (channel !== undefined) options.orderingKey = channel;
        // A user waits for the answer to a command or an interaction, which would be late in the spool.
        if (spool !== undefined && family === 'event') spool.publish(key, body, options).then(confirm, fail);
        else backend.publish(key, body, options).then(() => confirm('published'), fail);
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
  injectTrace(headers);
  return headers;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
