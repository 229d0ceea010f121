import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { QueueBackend } from '../contract/backend.ts';
import type { MessageMetadata } from '../contract/message.ts';
import type { Worker } from '../contract/worker.ts';
import type { GaugeValue, Metrics } from './create-metrics.ts';

/** The channel of `node:diagnostics_channel` on which consumers publish a {@link HandledMessage}. */
export const HANDLED_CHANNEL = 'slack-mcp:consumer:handled';

/** The channel on which the middleware `deduplicate` publishes the context of a message that it skips. */
export const DUPLICATE_CHANNEL = 'slack-mcp:consumer:duplicate';

/** A message that a consumer has passed to its handlers. */
export interface HandledMessage {
  /** The backend that the consumer reads from. */
  readonly backend: QueueBackend;
  readonly outcome: 'ack' | 'retry' | 'dead-letter' | 'hand-back';
  readonly durationMs: number;
  /** The context that middleware received. */
  readonly context: { readonly metadata: MessageMetadata };
  /** Milliseconds until the message is delivered again, after `retry`. */
  readonly delayMs?: number;
  /** The name of the error that the handlers threw. */
  readonly error?: string;
  /** The code of the reason for parking the message, or the code of the error. */
  readonly code?: string;
}

/** Options of {@link addWorkerMetrics}. */
export interface WorkerMetricsOptions {
  /** Only consumers that read from this backend are measured. */
  readonly backend: QueueBackend;
  /** Returns the worker, once it has started. */
  worker(): Worker | undefined;
}

/**
 * Measures the consumers of a backend in this process: time in handlers, outcomes, time in the queue and duplicates.
 *
 * @returns a function that stops the measurement
 */
export function addWorkerMetrics(metrics: Metrics, { backend, worker }: WorkerMetricsOptions): () => void {
  const handled = metrics.histogram('consumerHandle');
  const waited = metrics.histogram('consumerWait');
  const duplicate = metrics.counter('consumerDuplicates');
  const skipped = new WeakSet<object>();

  function onHandled(message: unknown): void {
    const { backend: source, outcome, durationMs, context } = message as HandledMessage;
    if (source !== backend) return;
    const { group = '', retryCount, timestamp } = context.metadata;
    handled({ group, outcome: outcome.replace('-', '_') }, durationMs);
    if (retryCount === 0) waited({ group }, Math.max(0, Date.now() - durationMs - timestamp));
    if (skipped.has(context)) duplicate({ group });
  }

  function onDuplicate(context: unknown): void {
    skipped.add(context as object);
  }

  subscribe(HANDLED_CHANNEL, onHandled);
  subscribe(DUPLICATE_CHANNEL, onDuplicate);
  metrics.gauge('workerRunning', () => count(worker(), 'running'));
  metrics.gauge('workerWaiting', () => count(worker(), 'waiting'));
  return () => {
    unsubscribe(HANDLED_CHANNEL, onHandled);
    unsubscribe(DUPLICATE_CHANNEL, onDuplicate);
  };
}

/** Returns a count from the health of a worker, or no value if the worker does not report the count. */
function count(worker: Worker | undefined, name: 'running' | 'waiting'): GaugeValue<Record<never, string>>[] {
  const value = worker?.health?.().detail[name];
  return typeof value === 'number' ? [{ labels: {}, value }] : [];
}
