import type { AuthKey } from './auth-key.ts';

/** A source of bearer keys that can change at runtime. */
export interface KeySource {
  /** The keys that are valid now. */
  current(): readonly (string | AuthKey)[];
  /**
   * Calls `onChange` whenever the keys change.
   *
   * @returns a function that stops watching
   */
  watch(onChange: () => void): () => void;
}

/** Bearer keys, or a source of keys. */
export type Keys = readonly (string | AuthKey)[] | KeySource;

/** Whether the keys can change. */
export function isKeySource(keys: Keys): keys is KeySource {
  return !Array.isArray(keys);
}
