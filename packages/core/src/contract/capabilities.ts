/**
 * What a backend supports. A backend must support every capability that it declares. It must reject a call that needs
 * an undeclared capability with `ERR_QUEUE_UNSUPPORTED`. The conformance suite tests the declared capabilities.
 */
export interface BackendCapabilities {
  /**
   * Which consumers receive the messages: consumers in the publisher's process (`process`), on the publisher's machine
   * (`host`, for example with a file that processes share), or on all machines (`network`).
   */
  scope: 'process' | 'host' | 'network';
  /** Whether messages survive a restart of the broker, within the limits of the broker's settings. */
  persistent: boolean;
  /**
   * `ordering-key`: messages of an ordering key are delivered in order, with any number of consumers in a group.
   * `single-consumer`: messages are delivered in order while a group has one member.
   */
  ordering: 'none' | 'single-consumer' | 'ordering-key';
  /** Whether a second publish with the same `messageId` within the dedupe window stores nothing. */
  idempotentPublish: boolean;
  /** Whether messages published before any group exists are kept for the first group that starts at `earliest`. */
  retainsWithoutGroup: boolean;
  /** Whether the option `from` of `consume` may be a time. Default false. */
  startTime?: boolean;
  /**
   * Whether the option `keys` of `consume` may contain AMQP patterns, in which `*` matches one word and `#` any number
   * of words.
   */
  patterns: boolean;
  /**
   * With `approximate`, the `retryCount` and `deliveryCount` of a message may be too high if its consumer had only
   * fetched the message and then crashed.
   */
  retryCount: 'exact' | 'approximate';
  /** With `prefix`, a settlement takes effect at the broker only once all earlier messages are settled. */
  settlement: 'individual' | 'prefix';
  /** Maximum size of a payload in bytes of UTF-8 JSON. `null` means that the backend sets no limit. */
  maxPayloadBytes: number | null;
}
