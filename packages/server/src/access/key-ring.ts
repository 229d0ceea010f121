import type { Caller } from '../tools/caller.ts';
import { type AuthKey, createKeyCheck } from './auth-key.ts';
import { isKeySource, type Keys } from './key-source.ts';

/** The current key holders. Keys can be added and removed at runtime. */
export interface KeyRing {
  /** Returns the holder of a key. */
  holderOf(token: string): Caller | undefined;
  /** Stops watching for changes. */
  close(): void;
}

/**
 * @param onRevoked - called with the holders of revoked keys, and with the IDs of callers that no longer have any key
 * @throws ConfigurationError - a key has no name or no token, or two keys have the same token
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
    // A caller that keeps its key stays the same object, so its open requests go on.
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
