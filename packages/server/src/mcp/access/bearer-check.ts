import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Tells holders of tokens from others, in a time that does not depend on how much of a token is right. The check
 * returns an opaque name of the token's holder.
 *
 * @throws Error without tokens
 */
export function createBearerCheck(
  tokens: readonly string[],
): (authorization: string | undefined) => string | undefined {
  if (tokens.length === 0 || tokens.includes(''))
    throw new Error('Authorization needs at least one token, none empty.');
  const digests = tokens.map(digest);
  return (authorization) => {
    const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    const sought = digest(given ?? '');
    let holder: Buffer | undefined;
    for (const known of digests) {
      if (timingSafeEqual(known, sought)) holder = known;
    }
    return given === undefined ? undefined : holder?.toString('hex');
  };
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
