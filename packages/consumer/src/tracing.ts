import { tracingChannel } from 'node:diagnostics_channel';
import type { Middleware } from './compose.ts';
import type { HandlerContext } from './handler-context.ts';
import { untilAborted } from './interruption.ts';

/** The object that subscribers of the channel receive. All events from `start` to `asyncEnd` carry the same object. */
export interface HandleTrace {
  readonly context: HandlerContext;
  /** The publisher's W3C Trace Context, if it sent one. */
  readonly traceparent?: string;
  readonly tracestate?: string;
  /** The error that a handler threw, set before the event `error` is published. */
  error?: unknown;
}

/**
 * Publishes the handling of each message to the tracing channel `slack-mcp:consumer:handle` of
 * `node:diagnostics_channel`. Without a subscriber, this costs nothing. OpenTelemetry and similar tracers begin a span
 * at `start`, bind it to their store so that the handlers' own calls find it, and end it at `asyncEnd`. If the consumer
 * stops waiting for a handler, the trace of that handler ends at that moment.
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
