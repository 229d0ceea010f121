import { setTimeout } from 'node:timers/promises';
import {
  AuthenticationError,
  backoffDelay,
  type EncodedPayload,
  encodedPayload,
  isQueueError,
  type Logger,
} from '@slack-mcp/core';
import { connectToSlack } from './connect-to-slack.ts';
import { type DeliveryFamily, describeDelivery } from './delivery.ts';
import type { Ingress } from './ingress.ts';
import type { IngressAnswer } from './ingress-answer.ts';
import type { CreateSocketModeClient, Envelope, SocketModeConnection } from './socket-mode-client.ts';
import { describeFailure } from './socket-mode-failure.ts';

/** The state of the connection to Slack. */
export interface SocketModeStatus {
  /** The current state. In the state `waiting`, the server waits before its next attempt to connect. */
  readonly state: 'connecting' | 'connected' | 'waiting' | 'closed';
  /** Number of connections on which Slack has sent `hello` so far. */
  readonly connections: number;
  /** Number of consecutive attempts that failed, or whose connection ended after less than 30 seconds. */
  readonly failures: number;
  /** Why the last attempt failed, or why the last connection ended. */
  readonly reason?: string;
}

/** Receives events, interactions and commands over Socket Mode, which needs no request URL. */
export interface SocketMode {
  /** Resolves when the first connection is open. Rejects if no connection is possible. */
  readonly ready: Promise<void>;
  readonly status: SocketModeStatus;
  /** Resolves when closed. Rejects if Slack refuses the token or the app. */
  readonly closed: Promise<void>;
  /**
   * Stops accepting envelopes, acknowledges the envelopes in flight after the queue has stored them, then disconnects.
   */
  close(options?: { drainTimeoutMs?: number }): Promise<void>;
}

/** Options of {@link openSocketMode}. */
export interface SocketModeOptions {
  readonly createClient: CreateSocketModeClient;
  readonly ingress: Ingress;
  readonly logger: Logger;
  /** Milliseconds for each step of connecting. Default 10000. */
  readonly stepTimeoutMs?: number;
  /** Milliseconds that a connection must last so that its end does not count as a failure. Default 30000. */
  readonly livedMs?: number;
  /** Milliseconds to wait after the first failed attempt. The wait doubles after each further failure. Default 500. */
  readonly initialDelayMs?: number;
}

/** Maximum milliseconds between two attempts. */
const MAX_DELAY_MS = 30_000;

/** Maximum milliseconds to wait if Slack asks for a longer wait than `MAX_DELAY_MS`. */
const MAX_RETRY_AFTER_MS = 300_000;

const FAMILIES: Readonly<Record<string, DeliveryFamily>> = {
  events_api: 'event',
  slash_commands: 'command',
  interactive: 'interaction',
};

/**
 * Keeps one connection to Slack open. Each envelope goes through the ingress and is acknowledged after the queue has
 * stored it; Slack sends unacknowledged envelopes again. A connection that ends too soon counts as a failure, which
 * delays the next attempt, so that the server does not open hundreds of connections a second.
 */
export function openSocketMode(options: SocketModeOptions): SocketMode {
  const { createClient, ingress, logger } = options;
  const { stepTimeoutMs = 10_000, livedMs = 30_000, initialDelayMs = 500 } = options;
  const ready = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  ready.promise.catch(() => {});
  closed.promise.catch(() => {});
  const closing = new AbortController();
  const atWork = new Set<Promise<void>>();
  const workOf = new Map<SocketModeConnection, Set<Promise<void>>>();
  let endConnection = (): void => {};
  let status: SocketModeStatus = { state: 'connecting', connections: 0, failures: 0 };

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      status = { ...status, state: 'connecting' };
      const delayMs = await serve().catch(failed);
      if (closing.signal.aborted) break;
      status = { ...status, state: 'waiting' };
      await pause(delayMs, closing.signal);
    }
    status = { ...status, state: 'closed' };
  }

  /**
   * Opens a connection and serves it until it ends. Resolves with the milliseconds to wait before the next connection.
   */
  async function serve(): Promise<number> {
    const { signal } = closing;
    const { connection, ended } = await connectToSlack({
      createClient,
      stepTimeoutMs,
      signal,
      onEnvelope: take,
      giveUp: retire,
    });
    const greetedAt = performance.now();
    status = { ...status, state: 'connected', connections: status.connections + 1 };
    logger.info({ connections: status.connections }, 'socket_mode_connected');
    ready.resolve();
    const end = Promise.withResolvers<string>();
    endConnection = () => end.resolve('closing');
    void ended.then(end.resolve);
    const reason = await end.promise;
    const hasLived = performance.now() - greetedAt >= livedMs;
    const failures = hasLived ? 0 : status.failures + 1;
    // The next connection does not wait until this one has acknowledged its envelopes.
    retire(connection);
    // Slack renews connections every few hours, so the first end in a row needs no delay.
    const delayMs = failures <= 1 ? 0 : delayAfter(failures - 2);
    status = { ...status, failures, reason };
    logger.info({ reason, ...(delayMs > 0 && { failures, delayMs }) }, 'socket_mode_disconnected');
    return delayMs;
  }

  /** @throws AuthenticationError - another attempt cannot succeed, because Slack refuses the token or the app */
  function failed(error: unknown): number {
    if (closing.signal.aborted) return 0;
    const { reason, message, retryAfterMs, isFinal } = describeFailure(error);
    if (isFinal)
      throw new AuthenticationError(
        `Slack refuses Socket Mode: ${reason}; check the app-level token and the settings of the app`,
        { cause: error },
      );
    const delayMs = Math.max(delayAfter(status.failures), Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS));
    status = { ...status, failures: status.failures + 1, reason };
    logger.warn({ reason: message, failures: status.failures, delayMs }, 'socket_mode_connection_failed');
    return delayMs;
  }

  function delayAfter(failures: number): number {
    return backoffDelay(failures, { initialDelayMs, maxDelayMs: MAX_DELAY_MS });
  }

  function retire(connection: SocketModeConnection): void {
    const own = [...(workOf.get(connection) ?? [])];
    workOf.delete(connection);
    track(Promise.all(own).then(() => connection.disconnect()));
  }

  function take(envelope: Envelope, from: SocketModeConnection): void {
    // Envelopes that arrive while closing are left for another connection.
    if (closing.signal.aborted) return;
    const own = workOf.get(from) ?? new Set();
    workOf.set(from, own);
    const settled = track(handle(envelope, from));
    own.add(settled);
    void settled.finally(() => own.delete(settled));
  }

  function track(work: Promise<void>): Promise<void> {
    const settled = work.catch((error: unknown) => {
      logger.warn({ reason: error instanceof Error ? error.message : 'unknown' }, 'socket_mode_connection_failed');
    });
    atWork.add(settled);
    void settled.finally(() => atWork.delete(settled));
    return settled;
  }

  async function handle(envelope: Envelope, from: SocketModeConnection): Promise<void> {
    const { envelope_id: id, accepts_response_payload: takesAnswer } = envelope;
    const { status, body, noRetry } = await answerTo(envelope);
    // An envelope that can never succeed is acknowledged too, so that it is not sent again.
    if (status !== 200 && noRetry !== true) return;
    await from.acknowledge(id, status === 200 && takesAnswer === true ? body : undefined);
  }

  async function answerTo(envelope: Envelope): Promise<IngressAnswer> {
    const { envelope_id: correlationId, type, payload } = envelope;
    const admission = ingress.admission.admit();
    if (admission === undefined) return ingress.refuse('overloaded', correlationId);
    try {
      if (!admission.take(payload?.length ?? 0) || !admission.enter())
        return ingress.refuse('overloaded', correlationId);
      const family = FAMILIES[type] ?? 'interaction';
      const body = payload === undefined ? undefined : encode(payload);
      const delivery = body && describeDelivery(family, body, Buffer.from(payload ?? ''));
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
    get status() {
      return status;
    },
  };
}

/** Returns the retry number and reason of an envelope, which over HTTP are in headers. */
function retryOf({ retry_attempt: attempt, retry_reason: reason }: Envelope): {
  retryNum?: string;
  retryReason?: string;
} {
  return {
    ...(typeof attempt === 'number' && attempt > 0 ? { retryNum: String(attempt) } : {}),
    ...(typeof reason === 'string' && /^[\x20-\x7e]{1,64}$/.test(reason) ? { retryReason: reason } : {}),
  };
}

/** Encodes the payload with the text that Slack sent; returns undefined if the queue cannot accept the payload. */
function encode(payload: string): EncodedPayload | undefined {
  try {
    return encodedPayload(payload);
  } catch (error) {
    if (isQueueError(error, 'ERR_QUEUE_SERIALIZATION')) return undefined;
    throw error;
  }
}

/** Waits for `ms` milliseconds, or until `signal` is aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => {});
}
