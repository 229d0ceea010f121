/** Something that clients were told, and that is not so any more. */
export type Change =
  | { readonly kind: 'tools_list_changed' | 'prompts_list_changed' | 'resources_list_changed' }
  | { readonly kind: 'resource_updated'; readonly uri: string };

/** Carries changes to the clients that want to know. Its shape is that of the event bus of the SDK's version 2. */
export interface Changes {
  publish(change: Change): void;
  /** Whether anybody listens. */
  readonly isWatched: boolean;
  /** Returns how to end it. */
  subscribe(listener: (change: Change) => void): () => void;
}

/** Carries changes within the process. */
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

/** What a connected client is sent. */
export function notificationOf(change: Change): { method: string; params?: { uri: string } } {
  return change.kind === 'resource_updated'
    ? { method: 'notifications/resources/updated', params: { uri: change.uri } }
    : { method: `notifications/${change.kind.replace('_list_changed', '')}/list_changed` };
}
