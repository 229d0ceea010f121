import type { AuthKey } from './auth-key.ts';

/** Keys that change while the server runs. */
export interface KeySource {
  /** Those that are good now. */
  current(): readonly (string | AuthKey)[];
  /**
   * Calls back whenever they have changed.
   *
   * @returns how to end it
   */
  watch(onChange: () => void): () => void;
}

/** Keys, or where they come from. */
export type Keys = readonly (string | AuthKey)[] | KeySource;

/** Whether they change. */
export function isKeySource(keys: Keys): keys is KeySource {
  return !Array.isArray(keys);
}
