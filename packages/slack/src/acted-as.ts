import type { TokenKind } from './token-kind.ts';

const ACTED_AS = Symbol.for('@slack-mcp/acted-as');

/** Returns the kind of token that a call used, or undefined if the object is not the answer of a call. */
export function actedAs(answer: object): TokenKind | undefined {
  return (answer as { [ACTED_AS]?: TokenKind })[ACTED_AS];
}

/**
 * Records on an answer the kind of token that the call used. The record does not appear in copies of the answer or in
 * its JSON.
 */
export function noteActor<T extends object>(answer: T, kind: TokenKind): T {
  return Object.defineProperty(answer, ACTED_AS, { value: kind });
}
