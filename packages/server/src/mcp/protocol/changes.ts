/** A change to a resource or list that clients may have read. */
export type Change =
  | { readonly kind: 'tools_list_changed' | 'prompts_list_changed' | 'resources_list_changed' }
  | { readonly kind: 'resource_updated'; readonly uri: string };

/** Delivers changes to subscribed clients. Compatible with the event bus of SDK version 2. */
export interface Changes {
  publish(change: Change): void;
  /** Whether there are subscribers. */
  readonly isWatched: boolean;
  /** Subscribes a listener. Returns a function that unsubscribes the listener. */
  subscribe(listener: (change: Change) => void): () => void;
}

/** Creates an event bus that delivers changes within the process. */
export function createChanges(): Changes {
  const listeners = new Set<(change: Change) => void>();
  return {
    get isWatched() {
      return listeners.size > 0;
    },
    publish(change) {
      for (const listener of listeners) listener(change);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Returns the MCP notification for a change. */
export function notificationOf(change: Change): { method: string; params?: { uri: string } } {
  return change.kind === 'resource_updated'
    ? { method: 'notifications/resources/updated', params: { uri: change.uri } }
    : { method: `notifications/${change.kind.replace('_list_changed', '')}/list_changed` };
}
