import { createHash, timingSafeEqual } from 'node:crypto';
import { ConfigurationError } from '@slack-mcp/core';
import type { Caller, Rights } from '../tools/caller.ts';

/** A bearer key issued to a client. */
export interface AuthKey {
  /**
   * The holder's name, which appears in logs. Two keys with the same name identify the same caller, so that you can
   * rotate keys.
   */
  readonly name: string;
  readonly token: string;
  /** Default: `write`. */
  readonly rights?: Rights;
}

/**
 * Creates a function that finds the holder of a key. The lookup takes the same time however many characters of the key
 * are correct.
 *
 * @param keys - the configured keys; a plain string is a key with write rights, named `key:1`, `key:2` and so on by
 * position
 * @throws ConfigurationError - a key has no name or no token, or two keys have the same token
 */
export function createKeyCheck(keys: readonly (string | AuthKey)[]): (token: string) => Caller | undefined {
  const known = keys.map((key, index) => {
    const { name, token, rights = 'write' } = typeof key === 'string' ? { name: `${index + 1}`, token: key } : key;
    if (token === '' || name === '')
      throw new ConfigurationError('auth.keys: a key has no name or no token; give each key both');
    const caller: Caller = { id: `key:${name}`, kind: 'key', rights };
    return { digest: digest(token), caller };
  });
  const distinct = new Set(known.map((key) => key.digest.toString('hex')));
  if (distinct.size < known.length)
    throw new ConfigurationError('auth.keys: two keys have the same token; give each key a different token');

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
 * Parses an entry of a key list: a plain token, `name:read=token`, or `name:write=token`.
 *
 * @returns the key; undefined if the right in the entry is neither `read` nor `write`
 */
export function parseAuthKey(text: string): string | AuthKey | undefined {
  const [, name, rights, token] = NAMED.exec(text) ?? [];
  if (name === undefined || token === undefined) return text;
  return rights === 'read' || rights === 'write' ? { name, token, rights } : undefined;
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
