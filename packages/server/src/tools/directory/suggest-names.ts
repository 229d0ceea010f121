import { inSlices } from './in-slices.ts';
import type { Named, Names } from './names.ts';
import { Smallest } from './smallest.ts';

/** Suggested names for a typed prefix. */
export interface NameSuggestions {
  /**
   * The names that start with the prefix, followed by other names that contain the prefix, each group in alphabetical
   * order.
   */
  readonly names: readonly string[];
  /** Whether more names match than are listed. */
  readonly more: boolean;
}

/** Maximum number of suggestions in one answer, which MCP limits to 100. */
const MOST_SUGGESTED = 100;

/**
 * Suggests unambiguous names.
 *
 * @param known - the cached names; undefined if no names are loaded yet
 */
export async function suggestNames(
  known: Names | undefined,
  typed: string,
  accepts: (entry: Named) => boolean = () => true,
): Promise<NameSuggestions> {
  if (known === undefined) return { names: [], more: false };
  const wanted = typed
    .trim()
    .replace(/^[#@:]/, '')
    .toLowerCase();
  // Each group keeps one more name than the limit, to detect that there are more.
  const [beginning, holding] = [alphabetical(), alphabetical()];
  await inSlices(known.all(), (name) => {
    const at = name.indexOf(wanted);
    const group = at === 0 ? beginning : holding;
    if (at >= 0 && group.takes(name) && isMeant(known, name, accepts)) group.add(name);
  });
  const names = [...beginning.items, ...holding.items];
  return { names: names.slice(0, MOST_SUGGESTED), more: names.length > MOST_SUGGESTED };
}

function alphabetical(): Smallest<string> {
  return new Smallest(MOST_SUGGESTED + 1, (a, b) => (a < b ? -1 : 1));
}

function isMeant(known: Names, name: string, accepts: (entry: Named) => boolean): boolean {
  const [id = '', another] = known.ids(name);
  const entry = another === undefined ? known.entry(id) : undefined;
  return entry !== undefined && accepts(entry);
}
