import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import {
  type ComponentHealth,
  encodedPayload,
  encodePayload,
  isQueueError,
  type Logger,
  type PublishOptions,
  type PublishPayload,
  type QueueBackend,
  type QueueKey,
} from '@slack-mcp/core';
import type { Spool } from './spool.ts';
import type { SpoolRecord } from './spool-record.ts';
import type { SpoolStatus } from './spool-status.ts';

/** Options of {@link createSpoolingPublisher}. */
export interface SpoolingPublisherOptions {
  readonly backend: Pick<QueueBackend, 'publish' | 'capabilities'>;
  readonly spool: Spool;
  readonly logger: Logger;
  /** Milliseconds between attempts to publish the spooled events while the broker is unavailable. Default 1000. */
  readonly retryMs?: number;
}

/** Publishes events, and keeps them on disk while the broker is unavailable. */
export interface SpoolingPublisher {
  /**
   * Publishes an event, or writes it to the spool if the broker does not confirm it in time or if earlier events wait
   * in the spool.
   *
   * @throws the error of the backend, if the event can never be published or if the spool cannot store it
   */
  publish(key: QueueKey, payload: PublishPayload, options: PublishOptions): Promise<'published' | 'spooled'>;
  /** Publishes the events that an earlier process left in the spool. */
  start(): void;
  /** Whether events are accepted while the broker is unavailable. */
  readonly takesEvents: boolean;
  health(): ComponentHealth;
  /** The state of the spool, and the number of events that wait for an operator. */
  readonly status: SpoolStatus & { readonly blocked: number };
  close(): Promise<void>;
}

/**
 * Milliseconds to wait for the broker before an event is written to the spool. The rest of the time limit is for the
 * disk.
 */
const DIRECT_MS = 1_500;
const DRAIN_TIMEOUT_MS = 10_000;
const BATCH = 200;
/** Maximum number of events to read past at the head of the spool while blocked events wait there for an operator. */
const MAX_BLOCKED = 10_000;

/**
 * Creates a publisher with a spool. Events pass through the spool until it is empty, so that the events of an ordering
 * key stay in order.
 */
export function createSpoolingPublisher(options: SpoolingPublisherOptions): SpoolingPublisher {
  const { backend, spool, logger, retryMs = 1_000 } = options;
  const stop = new AbortController();
  let draining: Promise<void> | undefined;
  /** Number of events at the head of the spool that wait for an operator. */
  let blocked = 0;
  /**
   * The last error that was logged for a blocked event, stored so that the same error is not logged at every attempt.
   */
  let reportedAs: string | undefined;
  /** Why the files could not be read at the last attempt. */
  let readFailure: string | undefined;

  async function publish(
    key: QueueKey,
    payload: PublishPayload,
    given: PublishOptions,
  ): Promise<'published' | 'spooled'> {
    let problem: unknown;
    if (spool.isEmpty && draining === undefined) {
      try {
        await backend.publish(key, payload, { ...given, timeoutMs: Math.min(DIRECT_MS, given.timeoutMs ?? DIRECT_MS) });
        return 'published';
      } catch (error) {
        if (isRefusal(error)) throw error;
        problem = error;
      }
    }
    const { messageId, orderingKey, headers } = given;
    const text = encodePayload(payload, backend.capabilities.maxPayloadBytes);
    const identity = {
      ...(messageId && { messageId }),
      ...(orderingKey && { orderingKey }),
      ...(headers && { headers }),
    };
    const wasEmpty = spool.isEmpty;
    try {
      await spool.append({ key, payload: text, options: identity, at: Date.now() });
    } catch (error) {
      throw problem ?? error;
    }
    if (wasEmpty) logger.warn({ reason: reasonOf(problem) }, 'spool_begun');
    start();
    return 'spooled';
  }

  function start(): void {
    if (spool.isEmpty || stop.signal.aborted) return;
    draining ??= drain().finally(() => {
      draining = undefined;
      start();
    });
  }

  async function drain(): Promise<void> {
    const done = new Set<SpoolRecord>();
    let drained = 0;
    while (!spool.isEmpty && !stop.signal.aborted) {
      // The rest of the process gets its turn, whatever the steps below await.
      await nextTurn();
      try {
        // Events that wait for an operator must not keep the events of other keys behind them.
        const batch = await spool.head(BATCH + Math.min(blocked + done.size, MAX_BLOCKED));
        readFailure = undefined;
        if (batch.length === 0) {
          if (spool.isWriting) await spool.written();
          else if (spool.isEmpty) await spool.drained(0);
          else await pause();
          continue;
        }
        const doneBefore = done.size;
        blocked = await publishInOrder(
          batch.filter((record) => !done.has(record)),
          done,
        );
        const failed = batch.findIndex((record) => !done.has(record));
        const finished = failed === -1 ? batch : batch.slice(0, failed);
        for (const record of finished) done.delete(record);
        drained += finished.length;
        if (finished.length > 0) await spool.drained(finished.length);
        if (failed !== -1 && (blocked === 0 || done.size + finished.length === doneBefore)) await pause();
      } catch (error) {
        readFailure = (error as NodeJS.ErrnoException).code ?? 'unknown';
        logger.error({ reason: reasonOf(error) }, 'spool_read_failed');
        await pause();
      }
    }
    blocked = 0;
    reportedAs = undefined;
    if (spool.isEmpty) logger.info({ events: drained }, 'spool_drained');
  }

  async function pause(): Promise<void> {
    await sleep(retryMs, undefined, { signal: stop.signal }).catch(() => {});
  }

  /**
   * Publishes records, in order within each ordering key, and adds the published records to `done`. Returns the number
   * of records that wait because of an error that waiting cannot fix.
   */
  async function publishInOrder(records: readonly SpoolRecord[], done: Set<SpoolRecord>): Promise<number> {
    const lanes = new Map<unknown, SpoolRecord[]>();
    for (const record of records) {
      const { key, options: identity } = record;
      const lane = identity.orderingKey === undefined ? record : `${key} ${identity.orderingKey}`;
      const others = lanes.get(lane);
      if (others === undefined) lanes.set(lane, [record]);
      else others.push(record);
    }
    const waiting = await Promise.all(
      [...lanes.values()].map(async (lane) => {
        for (const [index, record] of lane.entries()) {
          const outcome = await publishRecord(record);
          if (outcome === 'blocked') return lane.length - index;
          if (outcome === 'failed') return 0;
          done.add(record);
        }
        return 0;
      }),
    );
    return waiting.reduce((sum, count) => sum + count, 0);
  }

  async function publishRecord(record: SpoolRecord): Promise<'done' | 'failed' | 'blocked'> {
    const { key, payload, options: identity } = record;
    const { signal } = stop;
    try {
      await backend.publish(key, encodedPayload(payload), { ...identity, timeoutMs: DRAIN_TIMEOUT_MS, signal });
      return 'done';
    } catch (error) {
      if (isRefusal(error)) return setAside(record, reasonOf(error));
      const isBlocked = isQueueError(error) && !error.retryable && !signal.aborted;
      if (isBlocked && reportedAs !== error.message) {
        reportedAs = error.message;
        logger.error({ key, messageId: identity.messageId, reason: reportedAs }, 'spool_event_blocked');
      }
      return isBlocked ? 'blocked' : 'failed';
    }
  }

  /** Sets aside an event that can never be published, so that it is not lost and the events behind it do not wait. */
  async function setAside(record: SpoolRecord, reason: string): Promise<'done' | 'blocked'> {
    const { key, options: identity } = record;
    try {
      await spool.setAside(record, reason);
    } catch (error) {
      logger.error({ key, messageId: identity.messageId, reason: reasonOf(error) }, 'spool_write_failed');
      return 'blocked';
    }
    logger.error({ key, messageId: identity.messageId, reason }, 'spool_event_refused');
    return 'done';
  }

  return {
    publish,
    start,
    get takesEvents() {
      const { bytes, maxBytes, failure } = spool.status;
      return failure === undefined && bytes < maxBytes;
    },
    health() {
      const { records, bytes, maxBytes, oldestAt, refused, failure = readFailure } = spool.status;
      const detail = {
        ...{ events: records, bytes, maxBytes, blocked, refused },
        ...(oldestAt === undefined ? {} : { oldestAgeMs: Date.now() - oldestAt }),
        ...(failure === undefined ? {} : { problem: failure }),
      };
      return { status: records + refused > 0 || failure !== undefined ? 'degraded' : 'up', detail };
    },
    get status() {
      return { ...spool.status, blocked };
    },
    async close() {
      stop.abort();
      await draining;
      const { records } = spool.status;
      if (records > 0) logger.warn({ events: records }, 'spool_not_empty');
      await spool.close();
    },
  };
}

/** Whether an error means that the backend can never accept the message. */
function isRefusal(error: unknown): boolean {
  return isQueueError(error, 'ERR_QUEUE_PAYLOAD_TOO_LARGE') || isQueueError(error, 'ERR_QUEUE_SERIALIZATION');
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
