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
  /** No handler except `any` matches the event. The message is acknowledged anyway. */
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
    /** A queue would deliver the message again after this time. */
    | { readonly settled: 'nack'; readonly delayMs: number; readonly error: unknown }
    /** A queue would park the message. Without a group, the consumer would discard it. */
    | { readonly settled: 'deadLetter'; readonly code: 'MAX_RETRIES' | 'NON_RETRYABLE'; readonly error: unknown }
  );
