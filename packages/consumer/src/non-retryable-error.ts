/** Throw this error if no retry can help: the message goes to the dead letters at once. */
export class NonRetryableError extends Error {
  override readonly name: string = 'NonRetryableError';

  /** Also recognizes the errors of another copy of this package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'NonRetryableError';
  }
}
