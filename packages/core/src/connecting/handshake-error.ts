import type { Obstacle } from './find-obstacle.ts';

/**
 * The error of a connection that failed before the broker sent its first answer. The server may not be the expected
 * broker.
 */
export class HandshakeError extends Error {
  override readonly name = 'HandshakeError';
  /** The code of the socket error, or an empty string. */
  readonly code: string;
  readonly tls: boolean;
  /** Whether it is certain that only the client or only the server speaks TLS. */
  readonly mismatch: boolean;

  constructor(cause: Error, { tls, obstacle }: { tls: boolean; obstacle?: Obstacle }) {
    super(cause.message, { cause });
    this.tls = tls;
    this.mismatch = obstacle === 'tls';
    this.code = (this.mismatch ? undefined : obstacle) ?? (cause as NodeJS.ErrnoException).code ?? '';
  }

  /** Whether the failure has several possible causes. */
  get isDoubtful(): boolean {
    return !this.mismatch && ['ECONNRESET', 'ETIMEDOUT', 'EPIPE', ''].includes(this.code);
  }
}
