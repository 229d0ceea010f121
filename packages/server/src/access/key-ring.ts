import type { Caller } from '../tools/caller.ts';
import { type AuthKey, createKeyCheck } from './auth-key.ts';
import { isKeySource, type Keys } from './key-source.ts';

/** Those who hold a key, while keys come and go. */
export interface KeyRing {
  /** Who holds this key. */
  holderOf(token: string): Caller | undefined;
  /** Ends looking for changes. */
  close(): void;
}

/**
 * @param onRevoked - called with the holders of keys that are good no more, and with the ids of those who have none left
 * @throws ConfigurationError - an empty key, or one that two names share
 */
export function openKeyRing(
  keys: Keys,
  onRevoked: (holders: ReadonlySet<Caller>, gone: ReadonlySet<string>) => void,
): KeyRing {
  if (!isKeySource(keys)) return { holderOf: createKeyCheck(keys), close: () => {} };
  let check = createKeyCheck(keys.current());
  let known = holders(keys.current(), check);

  const stop = keys.watch(() => {
    const next = createKeyCheck(keys.current());
    const now = holders(keys.current(), next);
    // Who keeps a key stays the same caller, with what is open.
    const kept = new Map([...known].filter(([token, caller]) => isSame(now.get(token), caller)));
    const revoked = new Set([...known].filter(([token]) => !kept.has(token)).map(([, caller]) => caller));
    check = next;
    known = new Map([...now, ...kept]);
    const left = new Set([...known.values()].map(({ id }) => id));
    if (revoked.size > 0) onRevoked(revoked, new Set([...revoked].map(({ id }) => id).filter((id) => !left.has(id))));
  });

  return { holderOf: (token) => (check(token) === undefined ? undefined : known.get(token)), close: stop };
}

function holders(
  keys: readonly (string | AuthKey)[],
  check: (token: string) => Caller | undefined,
): ReadonlyMap<string, Caller> {
  return new Map(
    keys.flatMap((key) => {
      const token = typeof key === 'string' ? key : key.token;
      const caller = check(token);
      return caller === undefined ? [] : [[token, caller] as const];
    }),
  );
}

function isSame(one: Caller | undefined, other: Caller): boolean {
  return one?.id === other.id && one.rights === other.rights;
}
