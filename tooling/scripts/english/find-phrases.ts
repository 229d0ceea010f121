import { phrases } from './phrases.ts';
import { proseOf } from './prose.ts';

/** A phrase to avoid in a file. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly found: string;
  readonly write: string;
}

/** The phrases to avoid in the prose of a file. */
export function findPhrases(path: string, text: string): Finding[] {
  return proseOf(path, text).flatMap(({ line, text: prose }) =>
    phrases.flatMap(({ pattern, write }) =>
      [...prose.matchAll(pattern)].map(([found]) => ({ path, line, found, write })),
    ),
  );
}
