import { ConfigurationError, escapeControls, type Logger } from '@slack-mcp/core';
import { errors, type JWTPayload, jwtVerify } from 'jose';
import type { Caller } from '../tools/caller.ts';
import { isIssuerUrl } from './is-issuer-url.ts';
import { createIssuerKeys } from './issuer-keys.ts';

/**
 * How to verify access tokens from an authorization server. With these options, the server acts as an OAuth 2.1
 * resource server.
 */
export interface JwtOptions {
  /** The issuer, which must match the `iss` claim exactly. */
  readonly issuer: string;
  /** The audience, which must be one of the `aud` claims; default: the public URL of the endpoint. */
  readonly audience?: string | readonly string[] | undefined;
  /** URL of the issuer's keys; default: the URL in the issuer's metadata. */
  readonly jwksUrl?: string | undefined;
  /** Scopes that every token must have in addition to the read or write scope. Default: no scopes. */
  readonly requiredScopes?: readonly string[] | undefined;
  /**
   * The `typ` in the token's header. `at+jwt` accepts only access tokens (RFC 9068). `any` is for issuers that do not
   * set `typ`; a token that is recognizably an ID token is still refused. Default: `at+jwt`.
   */
  readonly tokenType?: 'at+jwt' | 'any' | undefined;
  /** The scope that lets a caller read. Default: `slack:read`. */
  readonly readScope?: string | undefined;
  /** The scope that lets a caller read and write. Default: `slack:write`. */
  readonly writeScope?: string | undefined;
}

/**
 * The caller of a valid token, or why the check failed: the token is invalid, it lacks a scope, or the issuer's keys
 * could not be fetched.
 */
export type JwtVerdict =
  | { readonly caller: Caller }
  | { readonly fault: 'invalid_token' | 'insufficient_scope' }
  | { readonly retryAfterSeconds: number };

/** Checks access tokens. */
export interface JwtCheck {
  readonly issuer: string;
  /** All scopes that the server may require of a token. */
  readonly scopes: readonly string[];
  check(token: string): Promise<JwtVerdict>;
}

/**
 * The accepted signature algorithms. All are asymmetric: if a symmetric algorithm were accepted, anyone could forge a
 * token with the issuer's public key as the secret.
 */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** Claims that occur only in ID tokens, because they describe a sign-in. */
const ID_TOKEN_CLAIMS = ['nonce', 'at_hash', 'c_hash'];

/** Allowed clock difference in seconds. */
const LEEWAY_SECONDS = 30;

const TOKEN_ERRORS = [
  errors.JWTExpired,
  errors.JWTClaimValidationFailed,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
] as const;

/**
 * Creates a check for access tokens. Keys are fetched only when the first token arrives.
 *
 * @throws ConfigurationError - the audience is missing, or the issuer or key set URL does not use https
 */
export function createJwtCheck(
  options: JwtOptions & { fetch?: typeof fetch | undefined; retryAfterMs?: number | undefined; logger: Logger },
): JwtCheck {
  const {
    issuer,
    audience,
    jwksUrl,
    tokenType = 'at+jwt',
    requiredScopes = [],
    readScope = 'slack:read',
    writeScope = 'slack:write',
  } = options;
  if (audience === undefined || audience.length === 0) {
    throw new ConfigurationError(
      'auth.jwt: audience and publicUrl are missing; set one of them, so that tokens for other servers are rejected',
    );
  }
  for (const url of [issuer, ...(jwksUrl === undefined ? [] : [jwksUrl])]) {
    if (!isIssuerUrl(url))
      throw new ConfigurationError(`auth.jwt: ${url} must use https, or http on a loopback address`);
  }
  const keys = createIssuerKeys(options);

  return {
    issuer,
    scopes: [...new Set([...requiredScopes, readScope, writeScope])],
    async check(token) {
      let claims: JWTPayload;
      try {
        const verified = await jwtVerify(token, keys, {
          issuer,
          audience: [audience].flat(),
          algorithms: ALGORITHMS,
          clockTolerance: LEEWAY_SECONDS,
          requiredClaims: ['exp', 'sub'],
          ...(tokenType === 'any' ? {} : { typ: tokenType }),
        });
        claims = verified.payload;
      } catch (error) {
        if (TOKEN_ERRORS.some((kind) => error instanceof kind)) return { fault: 'invalid_token' };
        // An unexpected error never grants access.
        const seconds = (error as { retryAfterSeconds?: unknown }).retryAfterSeconds;
        return { retryAfterSeconds: typeof seconds === 'number' ? seconds : 5 };
      }
      if (typeof claims.sub !== 'string' || claims.sub === '') return { fault: 'invalid_token' };
      if (ID_TOKEN_CLAIMS.some((name) => name in claims)) return { fault: 'invalid_token' };
      const granted = scopesOf(claims);
      const rights = granted.has(writeScope) ? 'write' : granted.has(readScope) ? 'read' : undefined;
      if (rights === undefined || !requiredScopes.every((scope) => granted.has(scope))) {
        return { fault: 'insufficient_scope' };
      }
      const expiresAt = (claims.exp as number) * 1000;
      return { caller: { id: `jwt:${shown(claims.sub)}`, kind: 'jwt', rights, expiresAt, claims } };
    },
  };
}

/**
 * Converts the subject of a token to a form that is safe to log. Different subjects always have different safe forms.
 */
function shown(subject: string): string {
  return escapeControls(subject.replaceAll('\\', '\\\\').replaceAll('\n', '\\n'));
}

/** Reads `scope` (RFC 9068) or `scp` (other issuers), as a string or a list. */
function scopesOf(claims: JWTPayload): ReadonlySet<string> {
  const granted = [claims['scope'], claims['scp']].flat();
  return new Set(granted.flatMap((scope) => (typeof scope === 'string' ? scope.split(' ') : [])));
}
