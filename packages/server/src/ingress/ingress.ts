import {
  type DedupeStore,
  isQueueError,
  type JsonObject,
  type KeySettings,
  type Logger,
  type QueueBackend,
  type QueueKey,
} from '@slack-mcp/core';
import {
  appOfSigners,
  createSlackEgress,
  kindOf,
  prepareSecrets,
  type SigningSecret,
  type SlackEgress,
  verifySignature,
} from '@slack-mcp/slack';
import { type AdmissionControl, createAdmissionControl } from '../http/admission.ts';
import { httpErrorBody } from '../http/http-errors.ts';
import { RepeatedLines } from '../logging/repeated-lines.ts';
import type { Delivery } from './delivery.ts';
import { createDeliveryPublisher, type DeliveryContext } from './delivery-publisher.ts';
import type { DeliveryReport } from './delivery-report.ts';
import { answerNotTaken, answerTaken, type IngressAnswer } from './ingress-answer.ts';
import { createMentionTwins } from './mention-twins.ts';
import { noticeOf } from './not-taken-notice.ts';
import { notifyUser } from './notify-user.ts';
import { isSslCheck, parseBody } from './parse-body.ts';
import { createRespond, type Responders } from './responders.ts';
import type { SpoolingPublisher } from './spool/spooling-publisher.ts';
import { isSubmittedView, viewAnswerOf } from './view-answer.ts';

/** The outcome of a request, used as a label of the ingress metrics. */
export type IngressResult = 'published' | 'spooled' | 'duplicate' | 'collapsed' | 'ssl_check' | 'challenge' | Refusal;

/** Receives measurements of each request for the metrics. */
export interface IngressObserver {
  result(result: IngressResult): void;
  /** Records the time in milliseconds that the backend took to confirm or fail. */
  publish(durationMs: number, outcome: 'confirmed' | 'failed'): void;
  /** Records the time in milliseconds from a complete request to its answer. */
  answered?(durationMs: number): void;
}

/** Options of {@link createIngress}. */
export interface IngressOptions {
  readonly backend: Pick<QueueBackend, 'publish'>;
  /** Publishes events instead of `backend`, and keeps them on disk while the broker is unavailable. */
  readonly spool?: Pick<SpoolingPublisher, 'publish'> | undefined;
  readonly signingSecrets: readonly SigningSecret[];
  readonly keys: KeySettings;
  /** The connections for messages to a `response_url`; default: a direct connection to Slack. */
  readonly egress?: SlackEgress;
  readonly logger: Logger;
  readonly observer?: IngressObserver;
  /**
   * Called for each delivery that was just queued. The function must not throw and must return quickly, because the
   * answer to Slack waits for it.
   */
  readonly onPublished?: (delivery: Delivery) => void;
  /** Called for each delivery with its outcome. The function must not throw and must return quickly. */
  readonly onDelivery?: (report: DeliveryReport) => void;
  /** Chooses the queue key of a delivery instead of `keys`. */
  readonly keyOf?: (delivery: Delivery) => QueueKey;
  /**
   * Prevents duplicates for a backend that would store the same message twice; by default, the server does not
   * deduplicate.
   */
  readonly dedupe?: DedupeStore;
  /** Drops a `message` whose `app_mention` is already in the queue. Default false. */
  readonly collapseMentions?: boolean;
  readonly responders?: Responders;
  /** Maximum time in milliseconds for a responder, limited to `publishTimeoutMs`. Default 2000. */
  readonly respondTimeoutMs?: number;
  /**
   * Maximum time in milliseconds for the broker to confirm an event; default 2500, because Slack waits 3 seconds. For
   * deliveries that Slack does not repeat, the limit is at most 2000 ms, so that there is time to notify the user.
   */
  readonly publishTimeoutMs?: number;
  /** Maximum number of active requests. If more requests arrive, the server answers 503 at once. Default 1000. */
  readonly maxInFlight?: number;
  /**
   * Maximum number of bytes in the bodies of active requests. If more bytes arrive, the server answers 503 at once.
   * Default 268435456 (256 MiB).
   */
  readonly maxInFlightBytes?: number;
  /** Returns the current time in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** A signed request from Slack, in a form that does not depend on the HTTP server. */
export interface IngressRequest extends DeliveryContext {
  /** The body, byte for byte. */
  readonly body: Buffer;
  readonly contentType?: string | undefined;
  readonly timestamp?: string | undefined;
  readonly signature?: string | undefined;
}

/** Receives requests from Slack and publishes them to the queue. */
export interface Ingress {
  /** Passes one HTTP request through the whole pipeline. Never rejects. */
  receive(request: IngressRequest): Promise<IngressAnswer>;
  /** Publishes a delivery that was already verified and parsed, and returns the answer. Never rejects. */
  deliver(delivery: Delivery, context: DeliveryContext): Promise<IngressAnswer>;
  /** Refuses a request before it reaches the pipeline: logs and counts the refusal, and returns the answer. */
  refuse(result: Refusal, correlationId: string, reason?: string): IngressAnswer;
  readonly admission: AdmissionControl;
}

/** Types of interactions in which Slack does not name the app. */
const WITHOUT_APP: ReadonlySet<string> = new Set([
  'dialog_cancellation',
  'dialog_submission',
  'dialog_suggestion',
  'interactive_message',
  'message_action',
  'shortcut',
]);

/**
 * Maximum milliseconds to notify the user after publishing has failed. The notification must end within the 3 seconds
 * that Slack waits.
 */
const NOTIFY_TIMEOUT_MS = 400;

const REFUSALS = {
  invalid_signature: { status: 401, message: 'The request is not signed by Slack with a known secret.' },
  unsupported_media_type: { status: 415, message: 'Send application/json or application/x-www-form-urlencoded.' },
  malformed_body: { status: 400, message: 'The body is not a Slack payload.' },
  body_incomplete: { status: 400, message: 'The body ended before it was complete.' },
  body_too_large: { status: 413, message: 'The body exceeds the limit.' },
  queue_payload_too_large: { status: 413, message: 'The payload exceeds the limit of the queue backend.' },
  queue_unavailable: { status: 503, message: 'The queue did not confirm the event. Retry the request.' },
  overloaded: { status: 503, message: 'Too many requests are in flight. Retry the request.' },
} as const;

const UNSIGNED: ReadonlySet<Refusal> = new Set([
  'invalid_signature',
  'body_incomplete',
  'body_too_large',
  'overloaded',
  'unsupported_media_type',
]);

/** Why a request was refused. */
export type Refusal = keyof typeof REFUSALS;

/**
 * Builds the pipeline from Slack to the queue: verify → parse → publish → answer. Slack gets 200 only after the broker
 * or the spool has stored the event. If the broker does not store the event, Slack gets 503 and sends the event again.
 */
export function createIngress(options: IngressOptions): Ingress {
  const { backend, keys, keyOf, dedupe, logger, observer, onPublished, onDelivery } = options;
  const { publishTimeoutMs = 2_500, respondTimeoutMs = 2_000, now = Date.now } = options;
  const { maxInFlight = 1_000, maxInFlightBytes = 256 * 2 ** 20 } = options;
  const { egress = createSlackEgress() } = options;
  const secrets = prepareSecrets(options.signingSecrets);
  const publisher = createDeliveryPublisher({
    backend,
    spool: options.spool,
    keys,
    logger,
    timeoutMs: publishTimeoutMs,
    ...(keyOf === undefined ? {} : { keyOf }),
    ...(dedupe === undefined ? {} : { dedupe }),
    ...(options.collapseMentions ? { twins: createMentionTwins() } : {}),
    ...(observer === undefined ? {} : { observe: observer.publish }),
  });
  const unsigned = new RepeatedLines(logger);
  const timeoutMs = Math.min(respondTimeoutMs, publishTimeoutMs);
  const respond = createRespond(options.responders ?? {}, { timeoutMs, logger });

  async function receive(request: IngressRequest): Promise<IngressAnswer> {
    const { body, contentType, correlationId } = request;

    if (isSslCheck(contentType, body)) return done('ssl_check', { status: 200 });

    const verdict = verifySignature(request, secrets, now());
    if ('fault' in verdict) return refuse('invalid_signature', correlationId, verdict.fault);

    const { signers } = verdict;
    const parsed = parseBody(contentType, body, (payload) =>
      appOfSigners(payload['api_app_id'], { signers, secrets, mayBeUnnamed: WITHOUT_APP.has(kindOf(payload) ?? '') }),
    );
    switch (parsed.type) {
      case 'challenge':
        return done('challenge', { status: 200, body: { challenge: parsed.challenge } });
      case 'unsupported_media_type':
        return refuse('unsupported_media_type', correlationId);
      case 'malformed':
        return refuse('malformed_body', correlationId, parsed.reason);
      case 'unvouched':
        return refuse('invalid_signature', correlationId, parsed.fault);
      case 'delivery':
        return deliver(parsed.delivery, request);
    }
  }

  async function deliver(delivery: Delivery, context: DeliveryContext): Promise<IngressAnswer> {
    const { kind, messageId } = delivery;
    const { correlationId, retryNum, retryReason } = context;
    const key = publisher.keyFor(delivery);
    const receivedAt = now();
    const responding = respond(delivery, correlationId);
    const startedAt = performance.now();
    const viewAnswer = isSubmittedView(delivery) ? await viewAnswerOf(responding) : undefined;
    const started = performance.now();
    try {
      const published = { correlationId, retryNum, retryReason, viewAnswer, startedAt };
      const outcome = await publisher.publish(delivery, key, published);
      const publishMs = Math.round(performance.now() - started);
      logger.info({ correlationId, messageId, kind, key, outcome, retryNum, publishMs }, 'webhook_event_received');
      onDelivery?.({ delivery, key, outcome, receivedAt });
      if (outcome === 'published') onPublished?.(delivery);
      return done(outcome, answerTaken(delivery, responding && (await responding)));
    } catch (error) {
      onDelivery?.({ delivery, key, outcome: refusalOf(error), receivedAt });
      return notTaken(delivery, correlationId, error, { correlationId, messageId, kind, key });
    }
  }

  async function notTaken(
    delivery: Delivery,
    correlationId: string,
    error: unknown,
    fields: JsonObject,
  ): Promise<IngressAnswer> {
    const result = refusalOf(error);
    const { code, reason } = describeError(error);
    const isOutage = result === 'queue_unavailable';
    if (isOutage) logger.error({ ...fields, code, reason }, 'webhook_publish_failed');
    const answer = await tellUser(delivery, error);
    // With a status other than 200, Slack itself shows the user that something went wrong.
    if (answer === undefined) return refuse(result, correlationId, isOutage ? undefined : reason);
    if (!isOutage) logger.warn({ ...fields, result, code, reason }, 'webhook_request_refused');
    return done(result, answer);
  }

  /** Notifies the user that a delivery was not queued. Events notify no user, because Slack repeats them. */
  async function tellUser(delivery: Delivery, error: unknown): Promise<IngressAnswer | undefined> {
    if (delivery.family === 'event') return undefined;
    const notice = noticeOf(error);
    const answer = answerNotTaken(delivery, notice);
    if (answer !== undefined) return answer;
    const isTold = await notifyUser(delivery.payload, notice, { egress, timeoutMs: NOTIFY_TIMEOUT_MS });
    return isTold ? { status: 200 } : undefined;
  }

  function refuse(result: Refusal, correlationId: string, reason?: string): IngressAnswer {
    const { status, message } = REFUSALS[result];
    const kind = { result, ...(reason === undefined ? {} : { reason }), status };
    // Anyone can cause these, because no signature has been checked.
    if (UNSIGNED.has(result)) unsigned.log('warn', 'webhook_request_refused', kind, { correlationId });
    else logger.warn({ correlationId, ...kind }, 'webhook_request_refused');
    const details = reason === undefined ? {} : { reason };
    const body = httpErrorBody({ code: result, message, component: 'ingress', details }, correlationId);
    // A wrong signature must allow retries, which succeed after a late rotation of the secret or a corrected clock.
    const retryable = status === 401 || status === 503;
    return done(result, { status, body, ...(retryable ? {} : { noRetry: true as const }) });
  }

  function done(result: IngressResult, answer: IngressAnswer): IngressAnswer {
    observer?.result(result);
    return answer;
  }

  /** Measures the time until the answer is known. */
  function measured<A extends unknown[]>(
    answer: (...args: A) => Promise<IngressAnswer>,
  ): (...args: A) => Promise<IngressAnswer> {
    if (observer?.answered === undefined) return answer;
    return async (...args) => {
      const started = performance.now();
      const result = await answer(...args);
      observer.answered?.(performance.now() - started);
      return result;
    };
  }

  return {
    receive: measured(receive),
    deliver: measured(deliver),
    refuse,
    admission: createAdmissionControl({ maxInFlight, maxInFlightBytes }),
  };
}

/** Maps a publish error to a refusal. A refusal asks Slack not to retry only if the delivery can never be accepted. */
function refusalOf(error: unknown): DeliveryReport['outcome'] & Refusal {
  if (isQueueError(error, 'ERR_QUEUE_PAYLOAD_TOO_LARGE')) return 'queue_payload_too_large';
  if (isQueueError(error, 'ERR_QUEUE_SERIALIZATION')) return 'malformed_body';
  return 'queue_unavailable';
}

function describeError(error: unknown): { code?: string; reason: string } {
  if (isQueueError(error)) return { code: error.code, reason: error.message };
  return { reason: error instanceof Error ? error.message : 'unknown' };
}
