import type { TokenKind } from './token-kind.ts';

const ACTED_AS = Symbol.for('@slack-mcp/acted-as');

/** Whose token an answer of Slack was had with; undefined for what is not an answer from a port. */
export function actedAs(answer: object): TokenKind | undefined {
  return (answer as { [ACTED_AS]?: TokenKind })[ACTED_AS];
}

/** Notes on an answer whose token it was had with. No copy and no JSON of it shows the note. */
export function noteActor<T extends object>(answer: T, kind: TokenKind): T {
  return Object.defineProperty(answer, ACTED_AS, { value: kind });
}
