import { tracingChannel } from 'node:diagnostics_channel';
import type { Middleware } from './compose.ts';
import type { HandlerContext } from './handler-context.ts';
import { untilAborted } from './interruption.ts';

/** What subscribers of the channel are given, the same object from `start` to `asyncEnd`. */
export interface HandleTrace {
  readonly context: HandlerContext;
  /** W3C Trace Context of the publisher, where it sent it along. */
  readonly traceparent?: string;
  readonly tracestate?: string;
  /** What the handling failed with, from the event `error` on. */
  error?: unknown;
}

/**
 * Publishes what is inside of it to the tracing channel `slack-mcp:consumer:handle` of `node:diagnostics_channel`, which
 * costs nothing while nobody subscribes. OpenTelemetry and its kind begin a span at `start`, bind it to their store for
 * the handlers' own calls to find, and end it at `asyncEnd`. A handler that was given up ends with its interruption.
 */
export function tracing(): Middleware {
  const channel = tracingChannel<unknown, HandleTrace>('slack-mcp:consumer:handle');
  return (context, next) => {
    const { traceparent, tracestate } = context.metadata.headers;
    const trace: HandleTrace = {
      context,
      ...(traceparent !== undefined && { traceparent }),
      ...(tracestate !== undefined && { tracestate }),
    };
    return channel.tracePromise(() => untilAborted(next(), context.signal), trace);
  };
}
