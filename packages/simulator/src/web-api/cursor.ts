import { SlackApiError } from '../slack-api-error.ts';

/** A page of a list, and where the next one begins. */
export interface Page<T> {
  items: T[];
  nextCursor: string | undefined;
}

/** A cursor as Slack makes them: base64 of the kind and the key of the next item. */
export function encodeCursor(kind: string, key: string): string {
  return Buffer.from(`${kind}:${key}`).toString('base64');
}

/**
 * The page of `items` that begins at `cursor`.
 *
 * @param kind what keys of this list are called inside the cursor
 * @throws SlackApiError `invalid_cursor`
 */
export function paginate<T>(
  items: readonly T[],
  options: { kind: string; key: (item: T) => string; cursor: string | undefined; limit: number },
): Page<T> {
  let start = 0;
  if (options.cursor !== undefined) {
    const [kind, ...rest] = Buffer.from(options.cursor, 'base64').toString().split(':');
    start = kind === options.kind ? items.findIndex((item) => options.key(item) === rest.join(':')) : -1;
    if (start < 0) throw new SlackApiError('invalid_cursor');
  }
  const next = items[start + options.limit];
  return {
    items: items.slice(start, start + options.limit),
    nextCursor: next === undefined ? undefined : encodeCursor(options.kind, options.key(next)),
  };
}
