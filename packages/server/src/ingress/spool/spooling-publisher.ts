import { setTimeout as sleep } from 'node:timers/promises';
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
   * @throws the error of the backend, if the event can never be published or if the spool cannot take it
   */
  publish(key: QueueKey, payload: PublishPayload, options: PublishOptions): Promise<'published' | 'spooled'>;
  /** Publishes the events that an earlier process left in the spool. */
  start(): void;
  /** Whether events are accepted while the broker is unavailable. */
  readonly takesEvents: boolean;
  health(): ComponentHealth;
  close(): Promise<void>;
}

/**
 * Milliseconds to wait for the broker before an event is written to the spool. The rest of the time limit is for the
 * disk.
 */
const DIRECT_MS = 1_500;
const DRAIN_TIMEOUT_MS = 10_000;
const BATCH = 200;

/**
 * Creates a publisher with a spool. Events pass through the spool until it is empty, so that the events of an ordering
 * key stay in their order.
 */
export function createSpoolingPublisher(options: SpoolingPublisherOptions): SpoolingPublisher {
  const { backend, spool, logger, retryMs = 1_000 } = options;
  const stop = new AbortController();
  let draining: Promise<void> | undefined;

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
      try {
        const batch = await spool.head(BATCH);
        if (batch.length === 0) {
          await spool.written();
          continue;
        }
        await publishInOrder(
          batch.filter((record) => !done.has(record)),
          done,
        );
        const failed = batch.findIndex((record) => !done.has(record));
        const finished = failed === -1 ? batch : batch.slice(0, failed);
        for (const record of finished) done.delete(record);
        drained += finished.length;
        if (finished.length > 0) await spool.drained(finished.length);
        if (failed !== -1) await pause();
      } catch (error) {
        logger.error({ reason: reasonOf(error) }, 'spool_read_failed');
        await pause();
      }
    }
    if (spool.isEmpty) logger.info({ events: drained }, 'spool_drained');
  }

  async function pause(): Promise<void> {
    await sleep(retryMs, undefined, { signal: stop.signal }).catch(() => {});
  }

  /** Publishes records, each after the earlier ones with its ordering key, and adds them to `done`. */
  async function publishInOrder(records: readonly SpoolRecord[], done: Set<SpoolRecord>): Promise<void> {
    const lanes = new Map<unknown, SpoolRecord[]>();
    for (const record of records) {
      const { key, options: identity } = record;
      const lane = identity.orderingKey === undefined ? record : `${key} ${identity.orderingKey}`;
      const others = lanes.get(lane);
      if (others === undefined) lanes.set(lane, [record]);
      else others.push(record);
    }
    await Promise.all(
      [...lanes.values()].map(async (lane) => {
        for (const record of lane) {
          if (!(await publishRecord(record))) return;
          done.add(record);
        }
      }),
    );
  }

  async function publishRecord({ key, payload, options: identity }: SpoolRecord): Promise<boolean> {
    try {
      const { signal } = stop;
      await backend.publish(key, encodedPayload(payload), { ...identity, timeoutMs: DRAIN_TIMEOUT_MS, signal });
      return true;
    } catch (error) {
      if (!isRefusal(error)) return false;
      // Waiting cannot help, and the events behind it must not wait forever.
      logger.error({ key, messageId: identity.messageId, reason: reasonOf(error) }, 'spool_event_refused');
      return true;
    }
  }

  return {
    publish,
    start,
    get takesEvents() {
      const { bytes, maxBytes, failure } = spool.status;
      return failure === undefined && bytes < maxBytes;
    },
    health() {
      const { records, bytes, maxBytes, oldestAt, failure } = spool.status;
      const detail = {
        ...{ events: records, bytes, maxBytes },
        ...(oldestAt === undefined ? {} : { oldestAgeMs: Date.now() - oldestAt }),
        ...(failure === undefined ? {} : { problem: failure }),
      };
      return { status: records > 0 || failure !== undefined ? 'degraded' : 'up', detail };
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

/** Whether the backend can never take a message. */
function isRefusal(error: unknown): boolean {
  return isQueueError(error, 'ERR_QUEUE_PAYLOAD_TOO_LARGE') || isQueueError(error, 'ERR_QUEUE_SERIALIZATION');
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
