import { tracingChannel } from 'node:diagnostics_channel';
import type { HandleTrace } from '@slack-mcp/consumer';

/** Calls `ended` with the outcome of each handling. Returns a function that stops it. */
export function traceHandling(ended: (span: string, outcome: string) => void): () => void {
  const channel = tracingChannel<unknown, HandleTrace>('slack-mcp:consumer:handle');
  const subscribers = {
    // A tracer would begin its span at `start`, below `traceparent`, and bind it: `channel.start.bindStore(…)`.
    start() {},
    end() {},
    asyncStart() {},
    asyncEnd({ context, traceparent, error }: HandleTrace) {
      ended(`${context.event?.type} ${traceparent ?? 'root'}`, error === undefined ? 'ok' : String(error));
    },
    error() {},
  };
  channel.subscribe(subscribers);
  return () => channel.unsubscribe(subscribers);
}
