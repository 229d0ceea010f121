import { RequestError } from './request-error.ts';

/** Returns the page of a list for a cursor. Calls for the same page always return the same object. */
export type ListPages<Member extends string, Item> = (
  cursor?: string,
) => Readonly<Record<Member, readonly Item[]> & { nextCursor?: string }>;

/** Items per page: more than any list of this server has, so that clients without paging miss nothing. */
const PAGE_SIZE = 200;

/**
 * Splits a list into pages, once.
 *
 * @param member - the property that holds the items of a page: `tools`, `prompts`, … @param pageSize - maximum number
 *   of items on a page
 */
export function listPages<Member extends string, Item>(
  member: Member,
  items: readonly Item[],
  pageSize: number = PAGE_SIZE,
): ListPages<Member, Item> {
  type Page = ReturnType<ListPages<Member, Item>>;
  const pages = new Map<string | undefined, Page>();
  for (let start = 0; start === 0 || start < items.length; start += pageSize) {
    const end = start + pageSize;
    const page = { [member]: items.slice(start, end), ...(end < items.length ? { nextCursor: cursorAt(end) } : {}) };
    pages.set(start === 0 ? undefined : cursorAt(start), Object.freeze(page) as Page);
  }
  return (cursor) => {
    const page = pages.get(cursor);
    if (page !== undefined) return page;
    throw new RequestError('invalidParams', 'Unknown cursor. Start again without one.');
  };
}

function cursorAt(index: number): string {
  return Buffer.from(`after:${index}`).toString('base64url');
}
