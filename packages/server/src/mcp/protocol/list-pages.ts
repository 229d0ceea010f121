import { RequestError } from './request-error.ts';

/** Returns the page at a cursor. Calls for the same page always return the same object. */
export type ListPages<Member extends string, Item> = (
  cursor?: string,
) => Readonly<Record<Member, readonly Item[]> & { nextCursor?: string }>;

/**
 * Maximum number of items on a page. The value is larger than any list of this server, so that a client that does not
 * support paging receives the whole list.
 */
const PAGE_SIZE = 200;

/**
 * Splits a list into pages. The pages are built only once.
 *
 * @param member - the property that holds the items of a page, such as `tools` or `prompts`
 * @param pageSize - maximum number of items on a page
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
    throw new RequestError('invalidParams', 'Unknown cursor. Request the list again without a cursor.');
  };
}

function cursorAt(index: number): string {
  return Buffer.from(`after:${index}`).toString('base64url');
}
