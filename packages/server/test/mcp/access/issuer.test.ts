import { capturedLog } from '@slack-mcp/test-support';
import { describe, expect, it } from 'vitest';
import { createIssuerKeys } from '../../../src/access/issuer-keys.ts';
import { createJwtCheck, type JwtOptions } from '../../../src/access/jwt-check.ts';
import { AUDIENCE, startIssuer, type TestIssuer, type TokenClaims } from './support/test-issuer.ts';

const METADATA = '/.well-known/openid-configuration';

async function verdictOf(issuer: TestIssuer, claims: TokenClaims, options: Partial<JwtOptions> = {}) {
  const check = createJwtCheck({ issuer: issuer.url, audience: AUDIENCE, ...options, logger: capturedLog() });
  const verdict = await check.check(await issuer.token(claims));
  return 'caller' in verdict ? verdict.caller.rights : verdict;
}

describe('an access token', () => {
  const cases: [name: string, claims: TokenClaims, options: Partial<JwtOptions>, expected: unknown][] = [
    ['may read with the read scope', { scope: 'openid slack:read' }, {}, 'read'],
    ['may write with the write scope', { scope: 'slack:write' }, {}, 'write'],
    ['may contain its scopes in scp, as a string', { scope: undefined, scp: 'slack:read slack:write' }, {}, 'write'],
    ['may contain its scopes in scp, as a list', { scope: undefined, scp: ['slack:read'] }, {}, 'read'],
    ['needs a scope that grants a right', { scope: 'slack:reader xslack:write' }, {}, { fault: 'insufficient_scope' }],
    ['needs scopes', { scope: undefined }, {}, { fault: 'insufficient_scope' }],
    [
      'needs the required scopes',
      { scope: 'slack:write mcp' },
      { requiredScopes: ['mcp', 'beta'] },
      { fault: 'insufficient_scope' },
    ],
    [
      'is accepted with the required scopes',
      { scope: 'mcp slack:read beta' },
      { requiredScopes: ['mcp', 'beta'] },
      'read',
    ],
    [
      'may use scopes with other names',
      { scope: 'api.Read' },
      { readScope: 'api.Read', writeScope: 'api.All' },
      'read',
    ],
    [
      'may be for several audiences that include this server',
      { audience: ['https://other.example.com', AUDIENCE] },
      {},
      'write',
    ],
    [
      'may be for one of several audiences of this server',
      {},
      { audience: ['https://old.example.com', AUDIENCE] },
      'write',
    ],
    ['may have expired a moment ago, because clocks differ', { expiresIn: -10 }, {}, 'write'],
    ['must not have expired earlier', { expiresIn: -40 }, {}, { fault: 'invalid_token' }],
    ['must have a subject', { sub: '' }, {}, { fault: 'invalid_token' }],
  ];

  it.each(cases)('%s', async (_name, claims, options, expected) => {
    await using issuer = await startIssuer();
    expect(await verdictOf(issuer, claims, options)).toEqual(expected);
  });

  it.each(['', 'abc', 'a.b.c', '..', 'a.b.c.d.e', `${'x'.repeat(10_000)}.${'y'.repeat(10)}.z`])(
    'is rejected as %.20s, without a request to the issuer',
    async (token) => {
      await using issuer = await startIssuer();
      const check = createJwtCheck({ issuer: issuer.url, audience: AUDIENCE, logger: capturedLog() });
      expect(await check.check(token)).toEqual({ fault: 'invalid_token' });
      expect(issuer.requests).toEqual([]);
    },
  );
});

describe('the keys of an issuer', () => {
  it('are fetched once, for the first token', async () => {
    await using issuer = await startIssuer();
    const check = createJwtCheck({ issuer: issuer.url, audience: AUDIENCE, logger: capturedLog() });
    expect(issuer.requests).toEqual([]);
    const token = await issuer.token();
    await Promise.all([check.check(token), check.check(token)]);
    await check.check(token);
    expect(issuer.requests.filter((path) => path === '/jwks')).toHaveLength(1);
    expect(issuer.requests.filter((path) => path === METADATA)).toHaveLength(1);
  });

  it.each([
    ['according to RFC 8414', '', '/.well-known/oauth-authorization-server'],
    ['according to RFC 8414, with a path', '/tenant', '/.well-known/oauth-authorization-server/tenant'],
    ['according to OpenID Connect', '', '/.well-known/openid-configuration'],
    ['according to OpenID Connect, with a path', '/tenant', '/tenant/.well-known/openid-configuration'],
    ['at the root, before the path', '/tenant', '/.well-known/openid-configuration/tenant'],
  ])('are found through metadata %s', async (_name, path, at) => {
    await using issuer = await startIssuer({ path });
    issuer.answers.set(`${path}${METADATA}`, 404).set(at, { issuer: issuer.url, jwks_uri: `${issuer.url}/jwks` });
    expect(await verdictOf(issuer, {})).toBe('write');
  });

  it('are found at the configured URL, without metadata', async () => {
    await using issuer = await startIssuer();
    expect(await verdictOf(issuer, {}, { jwksUrl: `${issuer.url}/jwks` })).toBe('write');
    expect(issuer.requests).toEqual(['/jwks']);
  });

  const failures: [name: string, path: string, answer: (issuer: TestIssuer) => object | number][] = [
    ['no metadata', METADATA, () => 404],
    ['metadata of another issuer', METADATA, ({ url }) => ({ issuer: `${url}/`, jwks_uri: `${url}/jwks` })],
    ['metadata without keys', METADATA, ({ url }) => ({ issuer: url })],
    [
      'unencrypted keys from another host',
      METADATA,
      ({ url }) => ({ issuer: url, jwks_uri: 'http://example.com/jwks' }),
    ],
    ['keys in a file', METADATA, ({ url }) => ({ issuer: url, jwks_uri: 'file:///etc/passwd' })],
    ['an error instead of keys', '/jwks', () => 500],
    ['a redirect to other keys', '/jwks', () => 302],
    ['a redirect to other metadata', METADATA, () => 302],
    ['an answer without keys', '/jwks', () => ({ hello: 'world' })],
  ];

  it.each(failures)('admit no token, and reject none permanently, with %s', async (_name, path, answer) => {
    await using issuer = await startIssuer();
    issuer.answers.set(path, answer(issuer));
    const asked: string[] = [];
    const check = createJwtCheck({
      issuer: issuer.url,
      audience: AUDIENCE,
      fetch: (url, init) => {
        asked.push(String(url));
        return fetch(url, init);
      },
      logger: capturedLog(),
    });
    expect(await check.check(await issuer.token())).toEqual({ retryAfterSeconds: 5 });
    expect(asked.filter((url) => !url.startsWith(`${issuer.url}/`))).toEqual([]);
    expect(issuer.requests).not.toContain('/jwks?moved');
  });

  it.each([
    ['/jwks', 'status 503'],
    [METADATA, expect.stringContaining('status 503')],
  ])('are not fetched again immediately after a failure of %s, but later', async (path, reason) => {
    await using issuer = await startIssuer();
    const log = capturedLog();
    issuer.answers.set(path, 503);
    const options = { issuer: issuer.url, audience: AUDIENCE, logger: log };
    const check = createJwtCheck({ ...options, retryAfterMs: 1_000 });
    const token = await issuer.token();
    expect(await check.check(token)).toEqual({ retryAfterSeconds: 1 });
    expect(await check.check(token)).toEqual({ retryAfterSeconds: 1 });
    expect(issuer.requests.filter((asked) => asked === path)).toHaveLength(1);
    expect(log.lines).toMatchObject([{ event: 'mcp_issuer_keys_unavailable', fields: { reason } }]);
    expect(log.text()).not.toContain(token);
    issuer.answers.clear();
    await expect.poll(() => check.check(token), { timeout: 20_000 }).toHaveProperty('caller');
  });

  it('may change: a new key is fetched, but not for every token that names one', async () => {
    await using issuer = await startIssuer();
    const options = { issuer: issuer.url, jwksUrl: `${issuer.url}/jwks`, logger: capturedLog() };
    const first = await issuer.token();
    const check = (cooldownMs: number) => createIssuerKeys({ ...options, cooldownMs });
    const header = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
    const [patient, curious] = [check(60_000), check(0)];
    for (const keys of [patient, curious]) await keys(header(first), {} as never);
    await issuer.rotate();
    const second = await issuer.token();
    await expect(patient(header(second), {} as never)).rejects.toThrow('no applicable key');
    expect(issuer.requests).toHaveLength(2);
    expect(await curious(header(second), {} as never)).toBeDefined();
    expect(issuer.requests).toHaveLength(3);
  });
});

describe('unsafe settings', () => {
  it.each([
    [{ issuer: 'http://auth.example.com', audience: AUDIENCE }, 'must use https'],
    [{ issuer: 'https://auth.example.com', audience: AUDIENCE, jwksUrl: 'http://10.0.0.1/jwks' }, 'must use https'],
    [{ issuer: 'https://auth.example.com', audience: AUDIENCE, jwksUrl: 'file:///etc/passwd' }, 'must use https'],
    [{ issuer: 'https://auth.example.com' }, 'auth.jwt: audience and publicUrl are missing'],
    [{ issuer: 'https://auth.example.com', audience: [] }, 'auth.jwt: audience and publicUrl are missing'],
  ])('%j are rejected', (options, why) => {
    expect(() => createJwtCheck({ ...options, logger: capturedLog() })).toThrow(why);
  });
});
