import type { Logger } from '@slack-mcp/core';
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey, type RemoteJWKSet } from 'jose';
import { isIssuerUrl } from './is-issuer-url.ts';

/** Thrown if the issuer's keys cannot be fetched, so that no token can be verified at the moment. */
export class IssuerKeysUnavailableError extends Error {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super("The issuer's keys cannot be fetched.");
    this.name = 'IssuerKeysUnavailableError';
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Options of `createIssuerKeys`. */
export interface IssuerKeysOptions {
  issuer: string;
  /** URL of the issuer's keys; default: the URL in the issuer's metadata (RFC 8414 or OpenID Connect). */
  jwksUrl?: string | undefined;
  fetch?: typeof globalThis.fetch | undefined;
  /** Milliseconds to wait after a failed fetch before the next fetch. Default: 5000. */
  retryAfterMs?: number | undefined;
  /** Milliseconds after a successful fetch during which an unknown key causes no new fetch. Default: 30000. */
  cooldownMs?: number | undefined;
  logger: Logger;
}

const TIMEOUT_MS = 5_000;

/**
 * Provides the issuer's signing keys. The keys are fetched when the first token arrives, cached for 10 minutes, and
 * fetched again for an unknown key. Redirects are not followed.
 *
 * @returns the key getter for `jwtVerify`; it rejects with `IssuerKeysUnavailableError` if the fetch fails
 */
export function createIssuerKeys(options: IssuerKeysOptions): JWTVerifyGetKey {
  const { issuer, fetch = globalThis.fetch, retryAfterMs = 5_000, cooldownMs = 30_000, logger } = options;
  let silentUntil = 0;
  let keys: Promise<RemoteJWKSet> | undefined;

  /** Fetches a URL. After a failure, waits before the next attempt so that the issuer can recover. */
  const get: typeof globalThis.fetch = async (url, init) => {
    const silence = silentUntil - performance.now();
    if (silence > 0) throw new IssuerKeysUnavailableError(Math.ceil(silence / 1000));
    try {
      const response = await fetch(url, init);
      if (response.status !== 200) throw new Error(`status ${response.status}`);
      const set = (await response.json()) as { keys?: unknown };
      if (!Array.isArray(set.keys))
        throw new Error(
          'the key set URL returned no JSON Web Key Set: check MCP_JWT_JWKS_URL, or the jwks_uri of the issuer',
        );
      return Response.json(set);
    } catch (error) {
      throw failed(error);
    }
  };

  function failed(error: unknown): IssuerKeysUnavailableError {
    silentUntil = performance.now() + retryAfterMs;
    logger.warn({ issuer, reason: reasonOf(error) }, 'mcp_issuer_keys_unavailable');
    return new IssuerKeysUnavailableError(Math.ceil(retryAfterMs / 1000));
  }

  async function open(): Promise<RemoteJWKSet> {
    const url = new URL(options.jwksUrl ?? (await discover()));
    return createRemoteJWKSet(url, { timeoutDuration: TIMEOUT_MS, cooldownDuration: cooldownMs, [customFetch]: get });
  }

  async function discover(): Promise<string> {
    const silence = silentUntil - performance.now();
    if (silence > 0) throw new IssuerKeysUnavailableError(Math.ceil(silence / 1000));
    const reasons: string[] = [];
    for (const url of metadataUrls(issuer)) {
      try {
        const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
        if (response.status !== 200) throw new Error(`status ${response.status}`);
        const { issuer: named, jwks_uri } = (await response.json()) as Record<string, unknown>;
        if (named !== issuer)
          throw new Error(
            `the metadata names the issuer ${JSON.stringify(String(named).slice(0, 200))}, not ${issuer}: check MCP_JWT_ISSUER`,
          );
        if (typeof jwks_uri !== 'string' || !isIssuerUrl(jwks_uri))
          throw new Error('the metadata has no jwks_uri with an https URL: set the URL of the keys (MCP_JWT_JWKS_URL)');
        return jwks_uri;
      } catch (error) {
        reasons.push(`${url}: ${reasonOf(error)}`);
      }
    }
    throw failed(new Error(reasons.join('; ')));
  }

  return async (header, token) => {
    keys ??= open().catch((error: unknown) => {
      keys = undefined;
      throw error;
    });
    return (await keys)(header, token);
  };
}

/** Returns the cause of a `fetch` error, because the error itself only says that the fetch failed. */
function reasonOf(error: unknown): string {
  const { message = 'unknown', cause } = error as Error;
  return (cause as NodeJS.ErrnoException | undefined)?.code ?? message;
}

/**
 * Returns the URLs at which an issuer may publish its metadata, first the location of RFC 8414, then the two locations
 * of OpenID Connect.
 */
function metadataUrls(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  return [
    ...new Set([
      `${origin}/.well-known/oauth-authorization-server${path}`,
      `${origin}/.well-known/openid-configuration${path}`,
      `${origin}${path}/.well-known/openid-configuration`,
    ]),
  ];
}
