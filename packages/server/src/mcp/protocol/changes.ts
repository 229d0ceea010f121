/** A change to something that clients have read or listed. */
export type Change =
  | { readonly kind: 'tools_list_changed' | 'prompts_list_changed' | 'resources_list_changed' }
  | { readonly kind: 'resource_updated'; readonly uri: string };

/** Delivers changes to subscribed clients. Compatible with the event bus of SDK version 2. */
export interface Changes {
  publish(change: Change): void;
  /** Whether there are subscribers. */
  readonly isWatched: boolean;
  /** Returns a function that unsubscribes. */
  subscribe(listener: (change: Change) => void): () => void;
}

/** Delivers changes within the process. */
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

/** The notification for a change. */
export function notificationOf(change: Change): { method: string; params?: { uri: string } } {
  return change.kind === 'resource_updated'
    ? { method: 'notifications/resources/updated', params: { uri: change.uri } }
    : { method: `notifications/${change.kind.replace('_list_changed', '')}/list_changed` };
}
