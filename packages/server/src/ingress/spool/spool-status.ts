/** What waits in the spool. */
export interface SpoolStatus {
  readonly records: number;
  readonly bytes: number;
  readonly maxBytes: number;
  /** When the oldest event was written, in milliseconds since the epoch. */
  readonly oldestAt: number | undefined;
  /** Why the last write failed, for example `ENOSPC`. Absent a minute later, so that the disk is tried again. */
  readonly failure: string | undefined;
}

/** The spool cannot take an event. */
export class SpoolFullError extends Error {
  override readonly name = 'SpoolFullError';

  constructor(length: number, used: number, maxBytes: number) {
    super(
      `the spool is full: an event of ${length} bytes does not fit (${used} of ${maxBytes} bytes are used); check the broker, or raise SLACK_MCP_SPOOL_MAX_BYTES`,
    );
  }
}
