import { setTimeout } from 'node:timers/promises';
import { AuthenticationError, backoffDelay, type JsonObject, type Logger } from '@slack-mcp/core';
import { type DeliveryFamily, describeDelivery } from './delivery.ts';
import type { Ingress } from './ingress.ts';
import type { IngressAnswer } from './ingress-answer.ts';
import type { CreateSocketModeClient, Envelope, SocketModeConnection } from './socket-mode-client.ts';

/** Slack's way into the queue without a request URL. */
export interface SocketMode {
  /** Resolves with the first connection. Rejects when there will be none. */
  readonly ready: Promise<void>;
  readonly isConnected: boolean;
  /** Resolves once closed; rejects when Slack refuses the token. */
  readonly closed: Promise<void>;
  /** Takes no more envelopes, acknowledges those at work once the queue has them, then disconnects. */
  close(options?: { drainTimeoutMs?: number }): Promise<void>;
}

/** Options of {@link openSocketMode}. */
export interface SocketModeOptions {
  readonly createClient: CreateSocketModeClient;
  readonly ingress: Ingress;
  readonly logger: Logger;
}

/** What Slack says that it will not say again in a while; about all else it does not change its mind. */
const PASSING = /^(internal_error|fatal_error|service_unavailable|request_timeout|ratelimited)$/;

const FAMILIES: Readonly<Record<string, DeliveryFamily>> = {
  events_api: 'event',
  slash_commands: 'command',
  interactive: 'interaction',
};

/**
 * Keeps one connection to Slack open. Each envelope goes through the ingress and is acknowledged once the queue has it;
 * what is not acknowledged, Slack sends again.
 */
export function openSocketMode({ createClient, ingress, logger }: SocketModeOptions): SocketMode {
  const ready = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  ready.promise.catch(() => {});
  closed.promise.catch(() => {});
  const closing = new AbortController();
  const atWork = new Set<Promise<void>>();
  let isConnected = false;
  let endConnection = (): void => {};

  async function run(): Promise<void> {
    let failures = 0;
    while (!closing.signal.aborted) {
      const ended = Promise.withResolvers<void>();
      endConnection = ended.resolve;
      const connection = createClient({
        envelope: (envelope) => take(envelope, connection),
        ended: ended.resolve,
      });
      try {
        await connection.start();
        failures = 0;
        isConnected = true;
        logger.info({}, 'socket_mode_connected');
        ready.resolve();
        await ended.promise;
        logger.info({}, 'socket_mode_disconnected');
      } catch (error) {
        const reason = error instanceof Error ? error.message : 'the connection ended before it was ready';
        const refusal = /^An API error occurred: (\w+)/.exec(reason)?.[1];
        if (refusal !== undefined && !PASSING.test(refusal)) {
          throw new AuthenticationError(`Slack refuses Socket Mode: ${refusal}`, { cause: error });
        }
        logger.warn({ reason }, 'socket_mode_connection_failed');
        await pause(backoffDelay(failures, { initialDelayMs: 500 }), closing.signal);
        failures += 1;
      } finally {
        isConnected = false;
        // The next connection need not wait until this one has acknowledged what it brought.
        retire(connection);
      }
    }
  }

  function retire(connection: SocketModeConnection): void {
    track(Promise.all(atWork).then(() => connection.disconnect()));
  }

  function take(envelope: Envelope, from: SocketModeConnection): void {
    // What comes while closing is left for another connection.
    if (!closing.signal.aborted) track(handle(envelope, from));
  }

  function track(work: Promise<void>): void {
    const settled = work.catch((error: unknown) => {
      logger.warn({ reason: error instanceof Error ? error.message : 'unknown' }, 'socket_mode_connection_failed');
    });
    atWork.add(settled);
    void settled.finally(() => atWork.delete(settled));
  }

  async function handle(envelope: Envelope, from: SocketModeConnection): Promise<void> {
    const { envelope_id: id, accepts_response_payload: takesAnswer } = envelope;
    const { status, body, noRetry } = await answerTo(envelope);
    // What can never succeed is acknowledged too, so that it does not come again.
    if (status !== 200 && noRetry !== true) return;
    await from.acknowledge(id, status === 200 && takesAnswer === true ? body : undefined);
  }

  async function answerTo(envelope: Envelope): Promise<IngressAnswer> {
    const { envelope_id: correlationId, type, payload } = envelope;
    const admission = ingress.admission.admit();
    if (admission === undefined) return ingress.refuse('overloaded', correlationId);
    try {
      const text = isObject(payload) ? JSON.stringify(payload) : '';
      if (!admission.take(text.length) || !admission.enter()) return ingress.refuse('overloaded', correlationId);
      const family = FAMILIES[type] ?? 'interaction';
      const delivery = isObject(payload) ? describeDelivery(family, payload, Buffer.from(text)) : undefined;
      if (delivery === undefined) return ingress.refuse('malformed_body', correlationId, 'the envelope has no payload');
      return await ingress.deliver(delivery, { correlationId, ...retryOf(envelope) });
    } finally {
      admission.release();
    }
  }

  async function close({ drainTimeoutMs = 10_000 }: { drainTimeoutMs?: number } = {}): Promise<void> {
    closing.abort();
    endConnection();
    const drained = new AbortController();
    const finished = closed.promise.then(() => Promise.all(atWork));
    await Promise.race([finished.catch(() => {}), pause(drainTimeoutMs, drained.signal)]);
    drained.abort();
  }

  run().then(closed.resolve, (error: unknown) => {
    ready.reject(error);
    closed.reject(error);
  });
  return {
    ready: ready.promise,
    closed: closed.promise,
    close,
    get isConnected() {
      return isConnected;
    },
  };
}

/** The same headers as over HTTP. */
function retryOf({ retry_attempt: attempt, retry_reason: reason }: Envelope): {
  retryNum?: string;
  retryReason?: string;
} {
  return {
    ...(typeof attempt === 'number' && attempt > 0 ? { retryNum: String(attempt) } : {}),
    ...(typeof reason === 'string' && /^[\x20-\x7e]{1,64}$/.test(reason) ? { retryReason: reason } : {}),
  };
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Resolves early when `signal` is aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => {});
}
