/** Thrown by a handler for what no retry can cure: the message goes to the dead letters at once. */
export class NonRetryableError extends Error {
  override readonly name: string = 'NonRetryableError';

  /** Recognises the errors of another copy of this package, too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'NonRetryableError';
  }
}
