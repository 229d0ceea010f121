import { MOST_SUBSCRIPTIONS, MOST_URI_CHARACTERS } from './resource-limits.ts';

/** What is too much in a `subscriptions/listen`; undefined in one that the SDK may take, and in all else. */
export function listenProblem(message: unknown): string | undefined {
  const { method, params } = (message ?? {}) as { method?: unknown; params?: Record<string, unknown> };
  if (method !== 'subscriptions/listen') return undefined;
  const { resourceSubscriptions = [] } = (params?.['notifications'] ?? {}) as { resourceSubscriptions?: unknown };
  if (!Array.isArray(resourceSubscriptions)) return undefined;
  if (resourceSubscriptions.length > MOST_SUBSCRIPTIONS) {
    return `A stream may subscribe to ${MOST_SUBSCRIPTIONS} resources at most.`;
  }
  const isLong = (uri: unknown): boolean => typeof uri === 'string' && uri.length > MOST_URI_CHARACTERS;
  return resourceSubscriptions.some(isLong)
    ? `The address of a resource has ${MOST_URI_CHARACTERS} characters at most.`
    : undefined;
}
