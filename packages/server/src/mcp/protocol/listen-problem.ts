import { MOST_SUBSCRIPTIONS, MOST_URI_CHARACTERS } from './resource-limits.ts';

/**
 * Describes which limit a `subscriptions/listen` message exceeds. Returns undefined if the message exceeds no limit, or
 * if its method is not `subscriptions/listen`.
 */
export function listenProblem(message: unknown): string | undefined {
  const { method, params } = (message ?? {}) as { method?: unknown; params?: Record<string, unknown> };
  if (method !== 'subscriptions/listen') return undefined;
  const { resourceSubscriptions = [] } = (params?.['notifications'] ?? {}) as { resourceSubscriptions?: unknown };
  if (!Array.isArray(resourceSubscriptions)) return undefined;
  if (resourceSubscriptions.length > MOST_SUBSCRIPTIONS) {
    return `A stream may subscribe to at most ${MOST_SUBSCRIPTIONS} resources.`;
  }
  const isLong = (uri: unknown): boolean => typeof uri === 'string' && uri.length > MOST_URI_CHARACTERS;
  return resourceSubscriptions.some(isLong)
    ? `A resource URI may have at most ${MOST_URI_CHARACTERS} characters.`
    : undefined;
}
