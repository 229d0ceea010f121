/**
 * What a backend promises. Declared true must hold; declared false must be refused with `ERR_QUEUE_UNSUPPORTED`.
 * The conformance suite checks both.
 */
export interface BackendCapabilities {
  /** `process`: only consumers in the publisher's process see the messages. */
  scope: 'process' | 'network';
  /** Messages survive a restart of the broker, as far as the broker's settings say. */
  persistent: boolean;
  /** `ordering-key`: kept per ordering key with many consumers; `single-consumer`: kept while a group has one member. */
  ordering: 'none' | 'single-consumer' | 'ordering-key';
  /** Publishing a `messageId` again within the dedupe window stores nothing. */
  idempotentPublish: boolean;
  /** What is published before any group exists is kept for the first group that starts at `earliest`. */
  retainsWithoutGroup: boolean;
  /** `keys` may hold AMQP-style patterns: `*` is one word, `#` any number of words. */
  patterns: boolean;
  /** `approximate`: after a crash `retryCount` and `deliveryCount` may count what the consumer had only fetched. */
  retryCount: 'exact' | 'approximate';
  /** `prefix`: settling a message takes effect at the broker once all before it are settled. */
  settlement: 'individual' | 'prefix';
  /** Largest payload in bytes of its UTF-8 JSON; `null`: no limit of the backend's own. */
  maxPayloadBytes: number | null;
}
