import type { SearchCursor } from './read-matches.ts';

/**
 * Returns the note of a page without results, which says what to try next. Returns undefined if the page has results.
 *
 * @param found - the number of results on the page
 * @param what - what was searched for, in the plural
 * @param from - the position of the page
 * @param next - the cursor of the next page
 */
export function nothingFound(
  found: number,
  what: 'messages' | 'files',
  from: SearchCursor,
  next: string | undefined,
): string | undefined {
  if (found > 0) return undefined;
  if (next !== undefined) return `No ${what} found on this page. Call again with cursor to continue the search.`;
  if (from.cursors !== undefined) return `No more ${what} found. This was the last page.`;
  return `No ${what} found. Try fewer or other words, or a search without channel, from, oldest and latest.`;
}

/** Joins the notes of an answer. Returns no field if there is no note. */
export function noteOf(...notes: readonly (string | undefined)[]): { note?: string } {
  const note = notes.filter((text) => text !== undefined).join(' ');
  return note === '' ? {} : { note };
}
