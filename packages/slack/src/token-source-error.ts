/** What gives tokens does not do what it is there for. Its message holds nothing of what was given. */
export class TokenSourceError extends Error {
  override readonly name = 'TokenSourceError';
}

/**
 * Reads what a source of tokens gave: nothing (`undefined`, `null` or an empty text) is no token.
 *
 * @param source - named in the error
 * @throws TokenSourceError for anything but a text
 */
export function readToken(source: string, given: unknown): string | undefined {
  if (given === undefined || given === null || given === '') return undefined;
  if (typeof given === 'string') return given;
  throw new TokenSourceError(`${source} gave ${Array.isArray(given) ? 'an array' : `a value of type ${typeof given}`}`);
}
