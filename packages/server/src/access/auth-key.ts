import { createHash, timingSafeEqual } from 'node:crypto';
import { ConfigurationError } from '@slack-mcp/core';
import type { Caller, Rights } from '../tools/caller.ts';

/** A bearer key that clients are given. */
export interface AuthKey {
  /** How logs name who holds it. Two keys of one name are one caller, while one replaces the other. */
  readonly name: string;
  readonly token: string;
  /** Default `write`. */
  readonly rights?: Rights;
}

/**
 * Tells holders of keys from others, in a time that does not depend on how much of a key is right.
 *
 * @param keys - a text alone is a key that may write, named by its place: `key:1`
 * @throws ConfigurationError - an empty key, or one that two names share
 */
export function createKeyCheck(keys: readonly (string | AuthKey)[]): (token: string) => Caller | undefined {
  const known = keys.map((key, index) => {
    const { name, token, rights = 'write' } = typeof key === 'string' ? { name: `${index + 1}`, token: key } : key;
    if (token === '' || name === '') throw new ConfigurationError('auth.keys: a key needs a name and a token');
    const caller: Caller = { id: `key:${name}`, kind: 'key', rights };
    return { digest: digest(token), caller };
  });
  const distinct = new Set(known.map((key) => key.digest.toString('hex')));
  if (distinct.size < known.length) throw new ConfigurationError('auth.keys: two keys have the same token');

  return (token) => {
    const sought = digest(token);
    let holder: Caller | undefined;
    for (const key of known) {
      if (timingSafeEqual(key.digest, sought)) holder = key.caller;
    }
    return holder;
  };
}

const NAMED = /^([A-Za-z0-9][\w.-]{0,63}):([A-Za-z]+)=(.+)$/s;

/**
 * A key as it stands in a list: a token alone, or `name:read=token`, `name:write=token`.
 *
 * @returns undefined for a right that there is not
 */
export function parseAuthKey(text: string): string | AuthKey | undefined {
  const [, name, rights, token] = NAMED.exec(text) ?? [];
  if (name === undefined || token === undefined) return text;
  return rights === 'read' || rights === 'write' ? { name, token, rights } : undefined;
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
