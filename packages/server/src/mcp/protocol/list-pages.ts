import { RequestError } from './request-error.ts';

/** Gives the pages of a list by their cursors: the same object for the same page, always. */
export type ListPages<Member extends string, Item> = (
  cursor?: string,
) => Readonly<Record<Member, readonly Item[]> & { nextCursor?: string }>;

/** Items of a page: more than a server has of anything, so that clients which do not page miss nothing. */
const PAGE_SIZE = 200;

/**
 * Cuts a list into pages, once.
 *
 * @param member - where a page holds its items: `tools`, `prompts`, …
 * @param pageSize - most items of a page
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
    throw new RequestError('invalidParams', 'Unknown cursor: begin again without one.');
  };
}

function cursorAt(index: number): string {
  return Buffer.from(`after:${index}`).toString('base64url');
}
