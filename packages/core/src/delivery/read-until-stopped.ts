import type { QueueError } from '../contract/errors.ts';
import type { Logger } from '../contract/logger.ts';
import { retryUntil } from '../retry/retry-until.ts';
import type { Credits } from './credits.ts';
import type { Delivery, DeliverySink } from './delivery-source.ts';

/** Options of {@link readUntilStopped}. */
export interface ReadOptions<D extends Delivery> {
  readonly sink: DeliverySink<D>;
  /** The credits of the reader. */
  readonly credits: Credits<D>;
  /**
   * Number of readers of the subscription. Each reader reserves its share of the free slots, so that all readers can
   * wait for messages at the same time.
   */
  readonly readers: number;
  /** Milliseconds before the first retry. The delay grows with each attempt, to at most 2 seconds. */
  readonly retryDelayMs: number;
  readonly logger: Logger;
  /** Reads once, as far as the credits allow. Called when the subscription has free slots. */
  read(stopped: () => boolean): Promise<void>;
  /** Converts an error that `read` threw. Reading ends if the converted error is not retryable. */
  failed(cause: unknown): QueueError;
  /** Called before each retry. */
  onRetry?(): void;
}

/**
 * Reads whenever the subscription has free slots, until the signal is aborted. Retries failures without limit and logs
 * the first failure of each series. An error that a retry cannot fix ends the subscription. Never rejects.
 */
export async function readUntilStopped<D extends Delivery>(
  options: ReadOptions<D>,
  signal: AbortSignal,
): Promise<void> {
  const { sink, retryDelayMs, logger } = options;
  const read = (): Promise<void> => readOnce(options, signal);
  const onRetry = (err: unknown, attempt: number): void => {
    options.onRetry?.();
    if (attempt === 0) logger.warn({ err }, 'queue_read_failed');
  };
  while (!signal.aborted) {
    try {
      await retryUntil(read, { initialDelayMs: retryDelayMs, signal, onRetry });
    } catch (error) {
      if (!signal.aborted) sink.fail(error as QueueError);
      return;
    }
  }
}

/** @throws QueueError - `read` failed; the error is the result of `failed` */
async function readOnce<D extends Delivery>(options: ReadOptions<D>, signal: AbortSignal): Promise<void> {
  const { sink, credits, readers } = options;
  await sink.slot();
  if (signal.aborted) return;
  credits.take(Math.ceil(sink.free() / readers));
  try {
    await options.read(() => signal.aborted);
  } catch (cause) {
    if (!signal.aborted) throw options.failed(cause);
  } finally {
    credits.giveBack();
  }
}
