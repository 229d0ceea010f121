/**
 * Thrown if a token source fails or returns something other than a token. The error message does not contain the value
 * that the source returned.
 */
export class TokenSourceError extends Error {
  override readonly name = 'TokenSourceError';
}

/**
 * Reads the result of a token source. For `undefined`, `null` or an empty string, returns `undefined`, which means that
 * there is no token.
 *
 * @param source - the name of the token source, for the error
 * @throws TokenSourceError if the result is not a string
 */
export function readToken(source: string, given: unknown): string | undefined {
  if (given === undefined || given === null || given === '') return undefined;
  if (typeof given === 'string') return given;
  const returned = Array.isArray(given) ? 'an array' : `a value of type ${typeof given}`;
  throw new TokenSourceError(`${source} returned ${returned}: return the token as a string`);
}
