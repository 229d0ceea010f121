import { RequestError } from '../protocol/request-error.ts';

/**
 * Returns for how many milliseconds the client wants the task to be stored; `null` means as long as possible.
 *
 * @param task - the `task` parameter of the request, unchecked
 * @throws RequestError - the parameter is invalid; the message gives the reason
 */
export function readTtl(task: unknown): number | null | undefined {
  if (typeof task !== 'object' || task === null || Array.isArray(task)) {
    throw new RequestError('invalidParams', `task: expected an object like {"ttl":60000}, got ${typeOf(task)}.`);
  }
  const { ttl } = task as { ttl?: unknown };
  if (ttl === undefined || ttl === null) return ttl;
  if (typeof ttl === 'number' && Number.isInteger(ttl) && ttl >= 1) return ttl;
  const got = typeof ttl === 'number' ? String(ttl) : typeOf(ttl);
  throw new RequestError('invalidParams', `task.ttl: expected whole milliseconds, at least 1, got ${got}.`);
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}
