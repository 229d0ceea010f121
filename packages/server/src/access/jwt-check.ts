import { ConfigurationError, escapeControls, type Logger } from '@slack-mcp/core';
import { errors, type JWTPayload, jwtVerify } from 'jose';
import type { Caller } from '../tools/caller.ts';
import { isIssuerUrl } from './is-issuer-url.ts';
import { createIssuerKeys } from './issuer-keys.ts';

/** Access tokens of an authorization server: this server is then a resource server of OAuth 2.1. */
export interface JwtOptions {
  /** Who issues them: their `iss`, exactly. */
  readonly issuer: string;
  /** For whom they are: one of their `aud`. Default: the public URL of the endpoint. */
  readonly audience?: string | readonly string[] | undefined;
  /** Where the issuer's keys are. Default: what its metadata names. */
  readonly jwksUrl?: string | undefined;
  /** Scopes without which a token is of no use, besides the next two. Default: none. */
  readonly requiredScopes?: readonly string[] | undefined;
  /**
   * The `typ` of its header. `at+jwt`: access tokens alone (RFC 9068). `any`: for issuers that do not set it; what shows
   * itself to be an ID token is refused all the same. Default `at+jwt`.
   */
  readonly tokenType?: 'at+jwt' | 'any' | undefined;
  /** The scope that lets a caller read. Default `slack:read`. */
  readonly readScope?: string | undefined;
  /** The scope that lets a caller read and write. Default `slack:write`. */
  readonly writeScope?: string | undefined;
}

/** A good token's caller, or what is wrong: with the token, with its scopes, or with asking the issuer. */
export type JwtVerdict =
  | { readonly caller: Caller }
  | { readonly fault: 'invalid_token' | 'insufficient_scope' }
  | { readonly retryAfterSeconds: number };

/** Checks access tokens. */
export interface JwtCheck {
  readonly issuer: string;
  /** Every scope that is of use here. */
  readonly scopes: readonly string[];
  check(token: string): Promise<JwtVerdict>;
}

/** Asymmetric ones only: with the others, the issuer's public key could sign. */
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

/** What an ID token says of the sign-in it is for, and an access token does not. */
const ID_TOKEN_CLAIMS = ['nonce', 'at_hash', 'c_hash'];

/** Seconds by which clocks may differ. */
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
 * Fetches nothing yet.
 *
 * @throws ConfigurationError - no audience, or an issuer or key set that is not reached by https
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
      'auth.jwt needs an audience, or the publicUrl: a token for another server is none for this',
    );
  }
  for (const url of [issuer, ...(jwksUrl === undefined ? [] : [jwksUrl])]) {
    if (!isIssuerUrl(url))
      throw new ConfigurationError(`auth.jwt: ${url} is not https, nor http on a loopback address`);
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
        // Whatever it is, it does not let anybody in.
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

/** A subject as it can be shown; different ones stay different. */
function shown(subject: string): string {
  return escapeControls(subject.replaceAll('\\', '\\\\').replaceAll('\n', '\\n'));
}

/** `scope` as RFC 9068 has it, `scp` as others write it, as a text or a list. */
function scopesOf(claims: JWTPayload): ReadonlySet<string> {
  const granted = [claims['scope'], claims['scp']].flat();
  return new Set(granted.flatMap((scope) => (typeof scope === 'string' ? scope.split(' ') : [])));
}
