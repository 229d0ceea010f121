import type { JsonObject, Logger } from '@slack-mcp/core';

/** A call of Slack's Web API. */
export interface SlackCall {
  readonly method: string;
  readonly args: JsonObject;
}

/** An entry of the log. */
export interface RecordedLog {
  readonly level: keyof Logger;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** What the handlers did. */
interface Handled {
  /** True if no handler except `any` matched the event. The consumer still acknowledges an unmatched message. */
  readonly unmatched: boolean;
  /** The arguments of every `chat.postMessage`, including those of `say`. */
  readonly said: readonly JsonObject[];
  /** The messages posted to the `response_url` with `respond`. */
  readonly responses: readonly JsonObject[];
  /** Every call of the Web API in order, including failed ones. */
  readonly calls: readonly SlackCall[];
  readonly log: readonly RecordedLog[];
}

/** What the handlers did, and how the message was settled. */
export type HandleOutcome = Handled &
  (
    | { readonly settled: 'ack' }
    /** A handler failed. With a queue, the message would be delivered again after `delayMs`. */
    | { readonly settled: 'nack'; readonly delayMs: number; readonly error: unknown }
    /**
     * Retries cannot help. With a queue, the message would be parked in the group's dead letters; a consumer without a
     * group would discard it.
     */
    | { readonly settled: 'deadLetter'; readonly code: 'MAX_RETRIES' | 'NON_RETRYABLE'; readonly error: unknown }
  );
