import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { base64url, type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose';

/** The claims of a token besides its issuer. */
export interface TokenClaims {
  sub?: string | undefined;
  audience?: string | string[];
  issuer?: string;
  scope?: string | undefined;
  scp?: string | string[];
  /** Seconds from now; negative: expired for so long. Undefined: never expires. */
  expiresIn?: number | undefined;
  kid?: string;
  /** Default `at+jwt`; undefined: no type. */
  typ?: string | undefined;
  /** Other claims. */
  more?: Record<string, unknown>;
}

/** An authorization server with a set of keys. */
export interface TestIssuer extends AsyncDisposable {
  readonly url: string;
  /** The requested paths. */
  readonly requests: string[];
  /** Answers by path that replace the usual ones; a number is a status. */
  readonly answers: Map<string, object | number>;
  /** A token signed by this issuer. */
  token(claims?: TokenClaims): Promise<string>;
  /** Tokens that must be rejected. */
  forged(kind: 'none' | 'public-key' | 'other-key', claims?: TokenClaims): Promise<string>;
  /** Signs with another key from now on. */
  rotate(): Promise<void>;
}

export const AUDIENCE = 'https://mcp.example.com/mcp';

/** Starts an issuer on loopback, with OpenID Connect metadata. */
export async function startIssuer({ path = '' }: { path?: string } = {}): Promise<TestIssuer> {
  const requests: string[] = [];
  const answers = new Map<string, object | number>();
  let keys = await newKeys('first');
  const server: Server = createServer((request, response) => {
    const asked = request.url ?? '';
    requests.push(asked);
    const usual: Record<string, object> = {
      [`${path}/.well-known/openid-configuration`]: { issuer: url, jwks_uri: `${url}/jwks` },
      [`${path}/jwks`]: { keys: [keys.jwk] },
      [`${path}/moved`]: { issuer: url, jwks_uri: `${url}/jwks` },
    };
    const answer = answers.get(asked) ?? usual[asked] ?? 404;
    response.writeHead(typeof answer === 'number' ? answer : 200, {
      'content-type': 'application/json',
      // A client that follows the redirect finds valid keys or metadata.
      ...(answer === 302 ? { location: asked.includes('.well-known') ? `${url}/moved` : `${url}/jwks?moved` } : {}),
    });
    response.end(typeof answer === 'number' ? '' : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;

  function unsigned(claims: TokenClaims): SignJWT {
    const usual = { sub: 'alice', audience: AUDIENCE, issuer: url, scope: 'slack:write', expiresIn: 600 };
    const { sub, audience, issuer, scope, scp, expiresIn, more } = { ...usual, ...claims } as typeof usual &
      TokenClaims;
    const jwt = new SignJWT({
      ...more,
      ...(scope === undefined ? {} : { scope }),
      ...(scp === undefined ? {} : { scp }),
    })
      .setIssuer(issuer)
      .setAudience(audience);
    if (sub !== undefined) jwt.setSubject(sub);
    if (expiresIn !== undefined) jwt.setExpirationTime(Math.floor(Date.now() / 1000) + expiresIn);
    return jwt;
  }

  return {
    url,
    requests,
    answers,
    token: ({ kid = keys.kid, ...claims } = {}) => {
      const { typ } = { typ: 'at+jwt', ...claims };
      return unsigned(claims)
        .setProtectedHeader({ alg: 'ES256', kid, ...(typ === undefined ? {} : { typ }) })
        .sign(keys.privateKey);
    },
    async forged(kind, claims = {}) {
      if (kind === 'other-key') {
        const other = await newKeys(keys.kid);
        return unsigned(claims)
          .setProtectedHeader({ alg: 'ES256', kid: keys.kid, typ: 'at+jwt' })
          .sign(other.privateKey);
      }
      if (kind === 'public-key') {
        const secret = new TextEncoder().encode(await exportSPKI(keys.publicKey));
        return unsigned(claims).setProtectedHeader({ alg: 'HS256', kid: keys.kid, typ: 'at+jwt' }).sign(secret);
      }
      const signed = await unsigned(claims)
        .setProtectedHeader({ alg: 'ES256', kid: keys.kid, typ: 'at+jwt' })
        .sign(keys.privateKey);
      return `${base64url.encode(JSON.stringify({ alg: 'none', kid: keys.kid, typ: 'at+jwt' }))}.${signed.split('.')[1]}.`;
    },
    async rotate() {
      keys = await newKeys('second');
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function newKeys(kid: string): Promise<{ kid: string; privateKey: CryptoKey; publicKey: CryptoKey; jwk: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  return { kid, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid } };
}
