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
  /** No handler but `any` takes the event. It is acked all the same. */
  readonly unmatched: boolean;
  /** The arguments of every `chat.postMessage`, those of `say` among them. */
  readonly said: readonly JsonObject[];
  /** What was posted to the `response_url`, with `respond`. */
  readonly responses: readonly JsonObject[];
  /** Every call of the Web API, in order, those that failed too. */
  readonly calls: readonly SlackCall[];
  readonly log: readonly RecordedLog[];
}

/** What the handlers did, and what then became of the message. */
export type HandleOutcome = Handled &
  (
    | { readonly settled: 'ack' }
    /** It would come again after this time. */
    | { readonly settled: 'nack'; readonly delayMs: number; readonly error: unknown }
    /** It would be parked; without a group it would be discarded. */
    | { readonly settled: 'deadLetter'; readonly code: 'MAX_RETRIES' | 'NON_RETRYABLE'; readonly error: unknown }
  );
