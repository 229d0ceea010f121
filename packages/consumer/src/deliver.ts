import type { HandledMessage, Logger, MessageMetadata, QueueMessage } from '@slack-mcp/core';
import { type TracedOptions, traced } from '@slack-mcp/slack';
import { createContext, type HandlerContext } from './handler-context.ts';
import { HandlerInterruptedError, untilAborted } from './interruption.ts';
import { isInstanceOf } from './is-instance-of.ts';
import { loggableError } from './loggable-error.ts';
import type { ResolvedOptions } from './options.ts';
import { decideFailure, type Outcome } from './retry-policy.ts';
import { settle } from './settle.ts';

/** Options of `deliver`. */
export interface DeliverOptions extends Pick<ResolvedOptions, 'slack' | 'logger' | 'retry' | 'timeoutMs'> {
  readonly run: (context: HandlerContext) => Promise<void>;
  /** Called with each message before its handlers begin. */
  readonly onAttempt?: (metadata: MessageMetadata) => void;
  /** Called with each message after its handlers have ended. */
  readonly onHandled?: (handled: Handled) => void;
}

/** A message whose handlers have ended. */
export type Handled = Omit<HandledMessage, 'backend'>;

/** A handled message. */
export interface Delivered {
  readonly outcome: Outcome;
  /** Resolves when the broker has confirmed or refused the settlement. Never rejects. */
  readonly settled: Promise<void>;
}

/**
 * Passes one message from the queue through its handlers and begins to settle it. Never rejects.
 *
 * @param interruption - aborted when the consumer stops waiting for the handlers; `deliver` aborts the controller itself on a timeout or a lost lease
 */
export async function deliver(
  message: QueueMessage,
  interruption: AbortController,
  options: DeliverOptions,
): Promise<Delivered> {
  try {
    return await handle(message, interruption, options);
  } catch (error) {
    return giveUp(message, error, options);
  }
}

async function handle(
  message: QueueMessage,
  interruption: AbortController,
  options: DeliverOptions,
): Promise<Delivered> {
  const lose = (): void => {
    interruption.abort(new HandlerInterruptedError('MESSAGE_LOST', 'the message belongs to another consumer now'));
  };
  message.signal.addEventListener('abort', lose, { once: true });
  if (message.signal.aborted) lose();
  const context = createContext(message, { ...options, signal: interruption.signal });
  options.onAttempt?.(message.metadata);
  const startedAt = performance.now();
  const outcome = await traced(`process ${message.metadata.key}`, spanOf(message.metadata), async (span) => {
    const attempted = await attempt(context, interruption, options);
    if (attempted.action !== 'ack') {
      const { code, error = attempted.action } = detailsOf(attempted);
      span.fail(code ?? error);
    }
    return attempted;
  });
  message.signal.removeEventListener('abort', lose);
  const durationMs = performance.now() - startedAt;
  options.onHandled?.({ outcome: outcome.action, durationMs, context, ...detailsOf(outcome) });
  report(outcome, Math.round(durationMs), context.logger);
  return { outcome, settled: quietly(settle(message, outcome, context.logger)) };
}

/**
 * Settles the message as failed after the normal way to settle it has failed, for example because the logger throws.
 */
function giveUp(message: QueueMessage, error: unknown, { retry, logger }: DeliverOptions): Delivered {
  const outcome = decideFailure(error, message.metadata.retryCount, retry);
  const settled = settle(message, outcome, logger).then(() => {
    logger.error({ err: loggableError(error), messageId: message.metadata.messageId }, 'event_delivery_failed');
  });
  return { outcome, settled: quietly(settled) };
}

/** Ignores a rejection: a logger that throws must not end the process, and its error cannot be logged. */
async function quietly(work: Promise<void>): Promise<void> {
  await work.catch(() => {});
}

async function attempt(
  context: HandlerContext,
  interruption: AbortController,
  { run, retry, timeoutMs }: DeliverOptions,
): Promise<Outcome> {
  const { signal, logger, retryCount } = context;
  if (signal.aborted) return decideFailure(signal.reason, retryCount, retry);
  const timer =
    timeoutMs === Number.POSITIVE_INFINITY
      ? undefined
      : setTimeout(() => {
          interruption.abort(new HandlerInterruptedError('HANDLER_TIMEOUT', `not handled within ${timeoutMs} ms`));
        }, timeoutMs);
  const work = run(context);
  try {
    await untilAborted(work, signal);
    return { action: 'ack' };
  } catch (error) {
    if (!signal.aborted) return decideFailure(error, retryCount, retry);
    const reported = work.then(
      () => logger.warn('handler_returned_late'),
      (late: unknown) => {
        // A handler that ends because of the signal is not late.
        if (late !== signal.reason) logger.warn({ err: loggableError(late) }, 'handler_failed_late');
      },
    );
    // A logger that throws must not end the process.
    reported.catch(() => {});
    return decideFailure(signal.reason, retryCount, retry);
  } finally {
    clearTimeout(timer);
  }
}

/** Returns the options of the span for handling a message, in the trace of its publisher. */
function spanOf({ key, group, messageId, headers }: MessageMetadata): TracedOptions {
  const attributes = {
    'messaging.operation.type': 'process',
    'messaging.destination.name': key,
    'messaging.message.id': messageId,
    ...(group !== undefined && { 'messaging.consumer.group.name': group }),
  };
  return { kind: 'consumer', attributes, headers };
}

/**
 * Returns the delay and the error of an outcome, without the message of the error, which can quote the text of a Slack
 * message.
 */
function detailsOf(outcome: Outcome): Pick<Handled, 'delayMs' | 'error' | 'code'> {
  if (outcome.action === 'ack') return {};
  const { action, error } = outcome;
  // A thrown value may itself throw when it is read.
  const readable = loggableError(error, 0);
  const code = action === 'dead-letter' ? outcome.code : codeOf(readable);
  return {
    ...(action === 'retry' && { delayMs: outcome.delayMs }),
    ...(isInstanceOf(error, Error) && { error: readable.name }),
    ...(code !== undefined && { code }),
  };
}

function codeOf(error: object): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^[A-Za-z0-9_.-]{1,64}$/.test(code) ? code : undefined;
}

function report(outcome: Outcome, durationMs: number, logger: Logger): void {
  if (outcome.action === 'ack') {
    logger.info({ durationMs }, 'event_handled');
    return;
  }
  const { error, ...decision } = outcome;
  // One line at the end counts the messages that were interrupted by the end of the drain time.
  if (isInstanceOf(error, HandlerInterruptedError) && error.code === 'DRAIN_TIMEOUT') {
    logger.debug({ durationMs, ...decision }, 'event_interrupted');
    return;
  }
  const err = loggableError(error);
  logger[outcome.action === 'dead-letter' ? 'error' : 'warn']({ err, durationMs, ...decision }, 'event_failed');
}
