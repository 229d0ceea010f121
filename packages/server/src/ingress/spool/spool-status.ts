/** The state of a spool. */
export interface SpoolStatus {
  readonly records: number;
  readonly bytes: number;
  readonly maxBytes: number;
  /** When the oldest event was written, in milliseconds since the epoch. */
  readonly oldestAt: number | undefined;
  /**
   * Why the last write failed, for example `ENOSPC`. Undefined again a minute later, so that the next event tries the
   * disk.
   */
  readonly failure: string | undefined;
}

/** Thrown if an event does not fit into the spool. */
export class SpoolFullError extends Error {
  override readonly name = 'SpoolFullError';

  constructor(length: number, used: number, maxBytes: number) {
    super(
      `the spool is full: an event of ${length} bytes does not fit (${used} of ${maxBytes} bytes are used); check the broker, or raise SLACK_MCP_SPOOL_MAX_BYTES`,
    );
  }
}
