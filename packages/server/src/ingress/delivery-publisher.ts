import {
  assertKey,
  type KeySettings,
  type Logger,
  type PublishOptions,
  type QueueBackend,
  type QueueKey,
  QueueTimeoutError,
  routeKey,
} from '@slack-mcp/core';
import type { DedupeClaim, DedupeStore } from './dedupe-store.ts';
import type { Delivery } from './delivery.ts';
import type { MentionTwins } from './mention-twins.ts';

/** What travels with a delivery besides its payload. */
export interface DeliveryContext {
  readonly correlationId: string;
  readonly retryNum?: string | undefined;
  readonly retryReason?: string | undefined;
}

/** `duplicate`: the queue has it already. `collapsed`: the queue has it as an `app_mention`. */
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
  /** Milliseconds from the call to the outcome. */
  readonly timeoutMs: number;
  /** Told of each attempt: milliseconds until the backend confirmed or failed. */
  readonly observe?: (durationMs: number, outcome: 'confirmed' | 'failed') => void;
}

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

  async function publish(delivery: Delivery, key: QueueKey, context: DeliveryContext): Promise<PublishOutcome> {
    const deadline = performance.now() + timeoutMs;
    if (twins !== undefined && (await twins.hasTwin(delivery))) return 'collapsed';
    const claim = await claimOf(delivery.messageId, deadline);
    if (claim === 'published') return 'duplicate';
    const { messageId, channel } = delivery;
    await attempt(claim, deadline - performance.now(), (remainingMs) =>
      backend.publish(key, delivery.payload, {
        messageId,
        headers: headersOf(delivery.kind, context),
        timeoutMs: remainingMs,
        ...(channel === undefined ? {} : { orderingKey: channel }),
      }),
    );
    twins?.published(delivery);
    return 'published';
  }

  /** A store that cannot answer costs a duplicate, never an event. */
  async function claimOf(messageId: string, deadline: number): Promise<DedupeClaim | 'published' | undefined> {
    if (dedupe === undefined) return undefined;
    try {
      return await dedupe.claim(messageId, deadline - performance.now());
    } catch (error) {
      if (error instanceof QueueTimeoutError) throw error;
      logger.warn({ messageId, reason: reasonOf(error) }, 'webhook_dedupe_failed');
      return undefined;
    }
  }

  /** What is confirmed after its time is published all the same: the claim is told, so that the retry is not. */
  function attempt(
    claim: DedupeClaim | undefined,
    remainingMs: number,
    send: (remainingMs: number) => Promise<void>,
  ): Promise<void> {
    const started = performance.now();
    return new Promise((resolve, reject) => {
      let failed = false;
      const fail = (error: unknown): void => {
        if (failed) return;
        failed = true;
        clearTimeout(timer);
        observe?.(performance.now() - started, 'failed');
        if (claim !== undefined) settle(() => claim.release());
        reject(error);
      };
      const timer = setTimeout(() => {
        fail(new QueueTimeoutError(`the backend did not confirm within ${timeoutMs} ms`));
      }, remainingMs);
      const confirm = (): void => {
        clearTimeout(timer);
        if (claim !== undefined) settle(() => claim.confirm());
        if (failed) return;
        observe?.(performance.now() - started, 'confirmed');
        resolve();
      };
      try {
        send(Math.max(1, remainingMs)).then(confirm, fail);
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

function headersOf(kind: string, context: DeliveryContext): NonNullable<PublishOptions['headers']> {
  const headers: Record<string, string> = { kind, 'x-correlation-id': context.correlationId };
  if (context.retryNum !== undefined) headers['x-slack-retry-num'] = context.retryNum;
  if (context.retryReason !== undefined) headers['x-slack-retry-reason'] = context.retryReason;
  return headers;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
