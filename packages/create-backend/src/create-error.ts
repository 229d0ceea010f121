/** Thrown if a project cannot be created. The message says what to do. */
export class CreateError extends Error {
  override readonly name = 'CreateError';
}
