import { createHash } from 'node:crypto';
import { ConfigurationError } from '../../contract/errors.ts';

/** What a key of the operations API allows: `read` allows only reading, `operate` also allows actions and payloads. */
export type OpsRole = 'read' | 'operate';

/** A key of the operations API. */
export interface OpsKey {
  /** The name of the holder, which appears in the audit log. */
  readonly name: string;
  readonly token: string;
  readonly role: OpsRole;
}

/** The caller of the operations API. */
export interface OpsCaller {
  readonly name: string;
  readonly role: OpsRole;
}

/** Minimum length of a key. */
const MIN_LENGTH = 16;
const NAMED = /^([A-Za-z0-9][\w.-]{0,63}):([A-Za-z]+)=(.+)$/s;

/**
 * Parses the entries of a setting with keys: `name:read=key`, `name:operate=key`, or a plain key, which may operate.
 *
 * @throws ConfigurationError - an entry has an unknown role, or a key is too short, occurs twice or contains a space, a
 *   control character or a character outside ASCII; the message shows no key
 */
export function parseOpsKeys(texts: readonly string[], setting = 'SLACK_MCP_OPS_KEY'): readonly OpsKey[] {
  const keys = texts.map((text, index): OpsKey => {
    const [, name = `key-${index + 1}`, role = 'operate', token = text] = NAMED.exec(text) ?? [];
    if (role !== 'read' && role !== 'operate') {
      throw new ConfigurationError(`${setting} gives a key an unknown role: write name:read=key or name:operate=key`);
    }
    if (token.length < MIN_LENGTH) {
      throw new ConfigurationError(
        `${setting} contains a key of fewer than ${MIN_LENGTH} characters, which can be guessed: use the output of openssl rand -hex 32`,
      );
    }
    if (!/^[\x21-\x7e]+$/.test(token)) {
      throw new ConfigurationError(
        `${setting} contains a key with characters that a header cannot hold: use the output of openssl rand -hex 32`,
      );
    }
    return { name, role, token };
  });
  if (new Set(keys.map(({ token }) => token)).size < keys.length) {
    throw new ConfigurationError(`${setting} contains the same key twice: give each holder a different key`);
  }
  return keys;
}

/** Returns the token of a header `Authorization: Bearer <token>`. */
export function bearerToken(authorization: unknown): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(String(authorization ?? ''))?.[1];
}

/** Creates a function that returns the holder of a key, or `undefined` for an unknown key. */
export function createOpsKeyCheck(keys: readonly OpsKey[]): (token: string) => OpsCaller | undefined {
  // Keys are looked up by their digest, so that the time of a lookup reveals nothing about a key.
  const holders = new Map(keys.map(({ name, role, token }) => [digest(token), { name, role }]));
  return (token) => holders.get(digest(token));
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
