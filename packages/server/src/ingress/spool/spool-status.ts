/** The state of a spool. */
export interface SpoolStatus {
  readonly records: number;
  readonly bytes: number;
  readonly maxBytes: number;
  /** Number of files. */
  readonly segments: number;
  /** Number of events that the queue refused and that were set aside. */
  readonly refused: number;
  /** When the oldest event was written, in milliseconds since the epoch. */
  readonly oldestAt: number | undefined;
  /**
   * Why the last write failed, for example `ENOSPC`. Undefined again a minute later, so that the next event is written
   * to the disk again.
   */
  readonly failure: string | undefined;
}

/** Thrown if the file of the spool is no longer in its folder, or was changed, or if the folder was replaced. */
export class SpoolRemovedError extends Error {
  override readonly name = 'SpoolRemovedError';
  readonly code = 'ENOENT';

  constructor(folder: string) {
    super(`a file of the spool was removed or changed in ${folder}: leave the folder to the server while it runs`);
  }
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
