import { SlackApiError } from '../slack-api-error.ts';
import type { Crowd } from '../workspace/crowd.ts';

/** A page of a list, with the cursor of the next page. */
export interface Page<T> {
  items: T[];
  nextCursor: string | undefined;
}

/** Creates a cursor in Slack's format: the base64 encoding of the kind and the key of the next item. */
export function encodeCursor(kind: string, key: string): string {
  return Buffer.from(`${kind}:${key}`).toString('base64');
}

/** A list to page through, and the page to return. */
export interface PageRequest<T> {
  /** The name of the list's keys, as it appears in the cursor. */
  readonly kind: string;
  readonly key: (item: T) => string;
  readonly cursor: string | undefined;
  readonly limit: number;
  /** Generated items that follow `items`. */
  readonly crowd?: Crowd<T> | undefined;
}

/**
 * Returns the page of `items` that begins at `cursor`.
 *
 * @throws SlackApiError `invalid_cursor`
 */
export function paginate<T>(items: readonly T[], { kind, key, cursor, limit, crowd }: PageRequest<T>): Page<T> {
  const at = (index: number): T | undefined => {
    if (index < items.length) return items[index];
    return crowd !== undefined && index < items.length + crowd.size ? crowd.at(index - items.length) : undefined;
  };
  let start = 0;
  if (cursor !== undefined) {
    const [given, ...rest] = Buffer.from(cursor, 'base64').toString().split(':');
    const wanted = rest.join(':');
    start = given === kind ? items.findIndex((item) => key(item) === wanted) : -1;
    const inCrowd = start < 0 && given === kind ? (crowd?.indexOf(wanted) ?? -1) : -1;
    if (inCrowd >= 0) start = items.length + inCrowd;
    if (start < 0) throw new SlackApiError('invalid_cursor');
  }
  const page: T[] = [];
  let next = at(start);
  while (next !== undefined && page.length < limit) {
    page.push(next);
    next = at(start + page.length);
  }
  return { items: page, nextCursor: next === undefined ? undefined : encodeCursor(kind, key(next)) };
}
