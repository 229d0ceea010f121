import type { Mutant } from './mutant.ts';

/** The snippet of a mutant does not occur exactly once: the list must follow the source. */
export class StaleMutantError extends Error {
  constructor({ id, file }: Mutant, occurrences: number) {
    super(`${id}: the snippet occurs ${occurrences} times in ${file}. Update the mutant so that it occurs once.`);
    this.name = 'StaleMutantError';
  }
}

/**
 * Applies a mutant to the text of its file.
 *
 * @throws StaleMutantError when the snippet does not occur exactly once
 */
export function mutateText(text: string, mutant: Mutant): string {
  const parts = text.split(mutant.original);
  if (parts.length !== 2) throw new StaleMutantError(mutant, parts.length - 1);
  return parts.join(mutant.replacement);
}
