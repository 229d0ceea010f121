import {
  isQueueError,
  type KeySettings,
  type Logger,
  type PublishOptions,
  type QueueBackend,
  QueueTimeoutError,
  routeKey,
} from '@slack-mcp/core';
import { errorBody } from '../http/error-body.ts';
import type { Delivery } from './delivery.ts';
import { answerNotTaken, answerTaken, type IngressAnswer } from './ingress-answer.ts';
import { notifyUser } from './notify-user.ts';
import { isSslCheck, parseBody } from './parse-body.ts';
import { verifySignature } from './verify-signature.ts';

/** How a request ended. The label of the ingress's metrics. */
export type IngressResult =
  | 'published'
  | 'ssl_check'
  | 'challenge'
  | 'invalid_signature'
  | 'unsupported_media_type'
  | 'malformed_body'
  | 'body_too_large'
  | 'queue_payload_too_large'
  | 'queue_unavailable'
  | 'overloaded';

/** Told of what happens, for metrics. */
export interface IngressObserver {
  result(result: IngressResult): void;
  /** Milliseconds from handing over to the backend until it confirmed or failed. */
  publish(durationMs: number, outcome: 'confirmed' | 'failed'): void;
}

/** Options of {@link createIngress}. */
export interface IngressOptions {
  readonly backend: Pick<QueueBackend, 'publish'>;
  /** Several while one replaces the other. */
  readonly signingSecrets: readonly string[];
  readonly keys: KeySettings;
  readonly logger: Logger;
  readonly observer?: IngressObserver;
  /** Milliseconds that the broker has to confirm. Default 2500: Slack waits 3 seconds. */
  readonly publishTimeoutMs?: number;
  /** Requests at work beyond which 503 is answered at once. Default 1000. */
  readonly maxInFlight?: number;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** One signed request, independent of the HTTP server in front. */
export interface IngressRequest {
  /** The body exactly as it came. */
  readonly body: Buffer;
  readonly contentType?: string | undefined;
  readonly timestamp?: string | undefined;
  readonly signature?: string | undefined;
  readonly retryNum?: string | undefined;
  readonly retryReason?: string | undefined;
  readonly correlationId: string;
}

/** What travels with a delivery besides its payload. */
export interface DeliveryContext {
  readonly correlationId: string;
  readonly retryNum?: string | undefined;
  readonly retryReason?: string | undefined;
}

/** Slack's way into the queue. */
export interface Ingress {
  /** Takes one HTTP request through the whole pipeline. Never rejects. */
  receive(request: IngressRequest): Promise<IngressAnswer>;
  /** The part behind verification and parsing: publishes, then answers. Never rejects. */
  deliver(delivery: Delivery, context: DeliveryContext): Promise<IngressAnswer>;
  /** Takes a place among the requests at work; `undefined` when all are taken. Call what it returns when done. */
  admit(): (() => void) | undefined;
  /** Answers, logs and counts a request that ended before it could be received. */
  refuse(result: keyof typeof REFUSALS, correlationId: string, reason?: string): IngressAnswer;
  readonly inFlight: number;
  readonly maxInFlight: number;
}

/** Milliseconds left of Slack's patience, once publishing has failed, to tell the user. */
const NOTIFY_TIMEOUT_MS = 400;

const REFUSALS = {
  invalid_signature: { status: 401, message: 'The request is not signed by Slack with a known secret.' },
  unsupported_media_type: { status: 415, message: 'Send application/json or application/x-www-form-urlencoded.' },
  malformed_body: { status: 400, message: 'The body is not something Slack sends.' },
  body_too_large: { status: 413, message: 'The body is above the limit.' },
  queue_payload_too_large: { status: 413, message: 'The queue backend does not take a payload of this size.' },
  queue_unavailable: { status: 503, message: 'The queue did not confirm the event. Send it again.' },
  overloaded: { status: 503, message: 'Too many requests are at work. Send it again.' },
} as const;

/**
 * Builds the pipeline from Slack to the queue: verify → parse → publish → answer. Slack is answered 200 only after
 * the broker has the event; otherwise 503, so that Slack sends it again.
 */
export function createIngress(options: IngressOptions): Ingress {
  const { backend, signingSecrets, keys, logger, observer } = options;
  const { publishTimeoutMs = 2_500, maxInFlight = 1_000, now = Date.now } = options;
  let inFlight = 0;

  async function receive(request: IngressRequest): Promise<IngressAnswer> {
    const { body, contentType, correlationId } = request;

    if (isSslCheck(contentType, body)) return done('ssl_check', { status: 200 });

    const verdict = verifySignature(request, signingSecrets, now());
    if (verdict !== 'valid') return refuse('invalid_signature', correlationId, verdict);

    const parsed = parseBody(contentType, body);
    switch (parsed.type) {
      case 'challenge':
        return done('challenge', { status: 200, body: { challenge: parsed.challenge } });
      case 'unsupported_media_type':
        return refuse('unsupported_media_type', correlationId);
      case 'malformed':
        return refuse('malformed_body', correlationId, parsed.reason);
      case 'delivery':
        return deliver(parsed.delivery, request);
    }
  }

  async function deliver(delivery: Delivery, context: DeliveryContext): Promise<IngressAnswer> {
    const { kind, payload, messageId, channel } = delivery;
    const key = routeKey(keys, kind);
    const fields = { correlationId: context.correlationId, messageId, kind, key };
    const started = performance.now();
    try {
      await publish(key, payload, {
        messageId,
        headers: headersOf(kind, context),
        timeoutMs: publishTimeoutMs,
        ...(channel === undefined ? {} : { orderingKey: channel }),
      });
    } catch (error) {
      observer?.publish(performance.now() - started, 'failed');
      return notTaken(delivery, context.correlationId, error, fields);
    }
    const durationMs = performance.now() - started;
    observer?.publish(durationMs, 'confirmed');
    logger.info({ ...fields, retryNum: context.retryNum, publishMs: Math.round(durationMs) }, 'webhook_event_received');
    return done('published', answerTaken(delivery));
  }

  /** Bounds the wait even where a backend breaks its promise to. What is published late, Slack's retry repeats. */
  function publish(...args: Parameters<QueueBackend['publish']>): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new QueueTimeoutError(`the backend did not confirm within ${publishTimeoutMs} ms`));
      }, publishTimeoutMs);
      const attempt = async (): Promise<void> => backend.publish(...args);
      attempt()
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
    });
  }

  async function notTaken(
    delivery: Delivery,
    correlationId: string,
    error: unknown,
    fields: object,
  ): Promise<IngressAnswer> {
    const result = resultOf(error);
    logger.error({ ...fields, ...describeError(error) }, 'webhook_publish_failed');
    if (delivery.family === 'event') return refuse(result, correlationId);
    const answer = answerNotTaken(delivery);
    if (answer !== undefined) return done(result, answer);
    if (await notifyUser(delivery.payload, NOTIFY_TIMEOUT_MS)) return done(result, { status: 200 });
    // A status other than 200 makes Slack itself show the user that something went wrong.
    return refuse(result, correlationId);
  }

  function refuse(result: keyof typeof REFUSALS, correlationId: string, reason?: string): IngressAnswer {
    const { status, message } = REFUSALS[result];
    logger.warn({ correlationId, result, reason, status }, 'webhook_request_refused');
    const details = reason === undefined ? {} : { reason };
    const body = errorBody({ code: result, message, component: 'ingress', details }, correlationId);
    // A wrong signature must heal by a retry after a late rotation of the secret or a wrong clock.
    const retryable = status === 401 || status === 503;
    return done(result, { status, body, ...(retryable ? {} : { noRetry: true as const }) });
  }

  function done(result: IngressResult, answer: IngressAnswer): IngressAnswer {
    observer?.result(result);
    return answer;
  }

  function admit(): (() => void) | undefined {
    if (inFlight >= maxInFlight) return undefined;
    inFlight += 1;
    return () => {
      inFlight -= 1;
    };
  }

  return {
    receive,
    deliver,
    admit,
    refuse,
    get inFlight() {
      return inFlight;
    },
    maxInFlight,
  };
}

function headersOf(kind: string, context: DeliveryContext): NonNullable<PublishOptions['headers']> {
  const headers: Record<string, string> = { kind, 'x-correlation-id': context.correlationId };
  if (context.retryNum !== undefined) headers['x-slack-retry-num'] = context.retryNum;
  if (context.retryReason !== undefined) headers['x-slack-retry-reason'] = context.retryReason;
  return headers;
}

/** Only what can never be taken is told so; all else may heal and is retried. */
function resultOf(error: unknown): 'queue_payload_too_large' | 'malformed_body' | 'queue_unavailable' {
  if (isQueueError(error, 'ERR_QUEUE_PAYLOAD_TOO_LARGE')) return 'queue_payload_too_large';
  if (isQueueError(error, 'ERR_QUEUE_SERIALIZATION')) return 'malformed_body';
  return 'queue_unavailable';
}

function describeError(error: unknown): { code?: string; reason: string } {
  if (isQueueError(error)) return { code: error.code, reason: error.message };
  return { reason: error instanceof Error ? error.message : 'unknown' };
}
