/** What has names. */
export type NamedKind = 'channel' | 'user' | 'user_group' | 'emoji';

/** A name that does not say what is meant. */
export class NameError extends Error {
  readonly code: `unknown_${NamedKind}`;
  /** Names or ids that may have been meant, nearest first. */
  readonly candidates: readonly string[];

  constructor(kind: NamedKind, message: string, candidates: readonly string[]) {
    super(message);
    this.name = 'NameError';
    this.code = `unknown_${kind}`;
    this.candidates = candidates;
  }
}

/** The names of a large workspace are still being read. */
export class NamesLoadingError extends Error {
  readonly code = 'names_loading';
  /** Seconds after which it is worth trying again. */
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterSeconds: number) {
    super(message);
    this.name = 'NamesLoadingError';
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
