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
    ['may read with the scope for it', { scope: 'openid slack:read' }, {}, 'read'],
    ['may write with the scope for it', { scope: 'slack:write' }, {}, 'write'],
    ['may have its scopes in scp, as a text', { scope: undefined, scp: 'slack:read slack:write' }, {}, 'write'],
    ['may have its scopes in scp, as a list', { scope: undefined, scp: ['slack:read'] }, {}, 'read'],
    ['needs a scope of use', { scope: 'slack:reader xslack:write' }, {}, { fault: 'insufficient_scope' }],
    ['needs scopes at all', { scope: undefined }, {}, { fault: 'insufficient_scope' }],
    [
      'needs the scopes that are required',
      { scope: 'slack:write mcp' },
      { requiredScopes: ['mcp', 'beta'] },
      { fault: 'insufficient_scope' },
    ],
    ['has the scopes that are required', { scope: 'mcp slack:read beta' }, { requiredScopes: ['mcp', 'beta'] }, 'read'],
    ['can have scopes of other names', { scope: 'api.Read' }, { readScope: 'api.Read', writeScope: 'api.All' }, 'read'],
    ['may be for several, us among them', { audience: ['https://other.example.com', AUDIENCE] }, {}, 'write'],
    ['may be for one of several that we are', {}, { audience: ['https://old.example.com', AUDIENCE] }, 'write'],
    ['may have just expired, clocks differ', { expiresIn: -10 }, {}, 'write'],
    ['may not have expired before', { expiresIn: -40 }, {}, { fault: 'invalid_token' }],
    ['must be of somebody', { sub: '' }, {}, { fault: 'invalid_token' }],
  ];

  it.each(cases)('%s', async (_name, claims, options, expected) => {
    await using issuer = await startIssuer();
    expect(await verdictOf(issuer, claims, options)).toEqual(expected);
  });

  it.each(['', 'abc', 'a.b.c', '..', 'a.b.c.d.e', `${'x'.repeat(10_000)}.${'y'.repeat(10)}.z`])(
    'is none as %.20s, and nobody is asked',
    async (token) => {
      await using issuer = await startIssuer();
      const check = createJwtCheck({ issuer: issuer.url, audience: AUDIENCE, logger: capturedLog() });
      expect(await check.check(token)).toEqual({ fault: 'invalid_token' });
      expect(issuer.requests).toEqual([]);
    },
  );
});

describe('the keys of an issuer', () => {
  it('are fetched once, with the first token', async () => {
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
    ['as RFC 8414 says', '', '/.well-known/oauth-authorization-server'],
    ['as RFC 8414 says, with a path', '/tenant', '/.well-known/oauth-authorization-server/tenant'],
    ['as OpenID Connect says', '', '/.well-known/openid-configuration'],
    ['as OpenID Connect says, with a path', '/tenant', '/tenant/.well-known/openid-configuration'],
    ['before the path', '/tenant', '/.well-known/openid-configuration/tenant'],
  ])('are found through metadata %s', async (_name, path, at) => {
    await using issuer = await startIssuer({ path });
    issuer.answers.set(`${path}${METADATA}`, 404).set(at, { issuer: issuer.url, jwks_uri: `${issuer.url}/jwks` });
    expect(await verdictOf(issuer, {})).toBe('write');
  });

  it('are found where they are said to be, without metadata', async () => {
    await using issuer = await startIssuer();
    expect(await verdictOf(issuer, {}, { jwksUrl: `${issuer.url}/jwks` })).toBe('write');
    expect(issuer.requests).toEqual(['/jwks']);
  });

  const failures: [name: string, path: string, answer: (issuer: TestIssuer) => object | number][] = [
    ['no metadata', METADATA, () => 404],
    ['metadata of another issuer', METADATA, ({ url }) => ({ issuer: `${url}/`, jwks_uri: `${url}/jwks` })],
    ['metadata without keys', METADATA, ({ url }) => ({ issuer: url })],
    ['keys from afar, unencrypted', METADATA, ({ url }) => ({ issuer: url, jwks_uri: 'http://example.com/jwks' })],
    ['keys in a file', METADATA, ({ url }) => ({ issuer: url, jwks_uri: 'file:///etc/passwd' })],
    ['an error in place of keys', '/jwks', () => 500],
    ['a redirect to other keys', '/jwks', () => 302],
    ['a redirect to other metadata', METADATA, () => 302],
    ['what are no keys', '/jwks', () => ({ hello: 'world' })],
  ];

  it.each(failures)('let nobody in, and refuse nobody for good, with %s', async (_name, path, answer) => {
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

  it('are not asked for again at once after a failure, and then are', async () => {
    await using issuer = await startIssuer();
    const log = capturedLog();
    issuer.answers.set('/jwks', 503);
    const options = { issuer: issuer.url, audience: AUDIENCE, logger: log };
    const check = createJwtCheck({ ...options, retryAfterMs: 500 });
    const token = await issuer.token();
    expect(await check.check(token)).toEqual({ retryAfterSeconds: 1 });
    expect(await check.check(token)).toEqual({ retryAfterSeconds: 1 });
    expect(issuer.requests.filter((path) => path === '/jwks')).toHaveLength(1);
    expect(log.lines).toMatchObject([{ event: 'mcp_issuer_keys_unavailable', fields: { reason: 'status 503' } }]);
    expect(log.text()).not.toContain(token);
    issuer.answers.clear();
    await expect.poll(() => check.check(token), { timeout: 20_000 }).toHaveProperty('caller');
  });

  it('may change: a new one is looked for, but not for each token that names one', async () => {
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

describe('settings that cannot be safe', () => {
  it.each([
    [{ issuer: 'http://auth.example.com', audience: AUDIENCE }, 'not https'],
    [{ issuer: 'https://auth.example.com', audience: AUDIENCE, jwksUrl: 'http://10.0.0.1/jwks' }, 'not https'],
    [{ issuer: 'https://auth.example.com', audience: AUDIENCE, jwksUrl: 'file:///etc/passwd' }, 'not https'],
    [{ issuer: 'https://auth.example.com' }, 'needs an audience'],
    [{ issuer: 'https://auth.example.com', audience: [] }, 'needs an audience'],
  ])('%j are refused', (options, why) => {
    expect(() => createJwtCheck({ ...options, logger: capturedLog() })).toThrow(why);
  });
});
