import {
  discoverOAuthProtectedResourceMetadata,
  extractWWWAuthenticateParams,
} from '@modelcontextprotocol/sdk/client/auth.js';
import { checkResourceAllowed } from '@modelcontextprotocol/sdk/shared/auth-utils.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createMcpHttpServer, type McpHttpServerOptions } from '../../../src/index.ts';
import { INITIALIZE, JSON_HEADERS, send } from '../support/send.ts';

const KEY = 'a-key-of-the-test';
const ORIGIN = 'https://app.example.com';
const ISSUER = 'https://auth.example.com';
const JWT = { issuer: ISSUER, audience: 'https://mcp.example.com/mcp' };

async function serve(options: Partial<McpHttpServerOptions> = {}): Promise<string> {
  const server = createMcpHttpServer({ port: 0, auth: { keys: [KEY] }, allowedOrigins: [ORIGIN], ...options });
  await server.start();
  onTestFinished(() => server.close({ drainTimeoutMs: 0 }));
  return server.address;
}

const cors = (headers: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => /^(access-control-|vary)/.test(name)));

const EXPOSED = 'Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate, Retry-After, X-Correlation-Id';

describe('a preflight', () => {
  const preflight = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' };

  it.each(['/mcp', '/', '/mcp/sse', '/mcp/messages', '/list_tools', '/call_tool'])(
    'to %s is answered without credentials',
    async (path) => {
      const answer = await send(`${await serve()}${path}`, {
        method: 'OPTIONS',
        headers: { ...preflight, origin: ORIGIN },
      });
      expect({ status: answer.status, text: answer.text, cors: cors(answer.headers) }).toEqual({
        status: 204,
        text: '',
        cors: {
          'access-control-allow-origin': ORIGIN,
          'access-control-allow-methods': 'GET, POST, DELETE',
          'access-control-allow-headers':
            'Authorization, Content-Type, Last-Event-ID, Mcp-Method, Mcp-Name, MCP-Protocol-Version, Mcp-Session-Id, X-Correlation-Id, X-MCP-Exclude-Tools, X-MCP-Readonly, X-MCP-Toolsets, X-MCP-Tools',
          'access-control-expose-headers': EXPOSED,
          'access-control-max-age': '600',
          vary: 'Origin',
        },
      });
    },
  );

  it.each([
    ['a foreign origin', { origin: 'https://evil.example.com' }, 403],
    ['a hidden origin', { origin: 'null' }, 403],
    ['a foreign host', { origin: ORIGIN, host: 'evil.example.com' }, 403],
    ['no origin', {}, 401],
  ])('is rejected from %s', async (_name, headers: Record<string, string>, status) => {
    const answer = await send(`${await serve()}/mcp`, { method: 'OPTIONS', headers: { ...preflight, ...headers } });
    expect(answer.status).toBe(status);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('to a path of the host application is left to that application', async () => {
    const address = await serve();
    for (const path of ['/health', '/slack/events', '/nowhere']) {
      const headers = { ...preflight, origin: ORIGIN };
      const answer = await send(`${address}${path}`, { method: 'OPTIONS', headers });
      expect([path, answer.status, cors(answer.headers)]).toEqual([path, 404, {}]);
    }
  });
});

describe('a page of an allowed origin', () => {
  it('can read answers, rejections and streams', async () => {
    const address = await serve();
    const headers = { ...JSON_HEADERS, origin: ORIGIN, authorization: `Bearer ${KEY}` };
    const readable = {
      'access-control-allow-origin': ORIGIN,
      'access-control-expose-headers': EXPOSED,
      vary: 'Origin',
    };
    const opened = await send(`${address}/mcp`, { method: 'POST', headers, body: INITIALIZE });
    expect([opened.status, cors(opened.headers)]).toEqual([200, readable]);
    const session = { ...headers, 'mcp-session-id': String(opened.headers['mcp-session-id']) };
    expect(cors((await send(`${address}/mcp`, { headers: session })).headers)).toEqual(readable);
    expect(cors((await send(`${address}/mcp/sse`, { headers })).headers)).toEqual(readable);
    expect(cors((await send(`${address}/list_tools`, { headers })).headers)).toEqual(readable);
    const { authorization: _none, ...anonymous } = headers;
    const refused = await send(`${address}/mcp`, { method: 'POST', headers: anonymous, body: INITIALIZE });
    expect([refused.status, cors(refused.headers)]).toEqual([401, readable]);
  });

  it('is named in the header, even if every origin is allowed, and sends no cookies', async () => {
    const address = await serve({ allowedOrigins: ['*'] });
    const { headers } = await send(`${address}/list_tools`, { headers: { origin: 'https://any.example.com' } });
    expect(headers['access-control-allow-origin']).toBe('https://any.example.com');
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it('is separated from other pages in caches', async () => {
    const { headers } = await send(`${await serve()}/list_tools`, { headers: { authorization: `Bearer ${KEY}` } });
    expect(cors(headers)).toEqual({ vary: 'Origin' });
  });
});

describe('the metadata of the protected resource', () => {
  it('is found by the official client from a rejection, and describes the resource it requested', async () => {
    const address = await serve({ auth: { jwt: JWT } });
    const url = new URL('/mcp', address);
    const refused = await fetch(url, { method: 'POST', headers: JSON_HEADERS, body: JSON.stringify(INITIALIZE) });
    const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(refused);
    expect(scope).toBe('slack:read slack:write');
    const metadata = await discoverOAuthProtectedResourceMetadata(url, {
      resourceMetadataUrl: resourceMetadataUrl ?? '',
    });
    expect(metadata).toEqual({
      resource: `${address}/mcp`,
      authorization_servers: [ISSUER],
      scopes_supported: ['slack:read', 'slack:write'],
      bearer_methods_supported: ['header'],
      resource_name: 'Slack',
    });
    expect(checkResourceAllowed({ requestedResource: url, configuredResource: metadata.resource })).toBe(true);
    // It is also found without the address in the rejection.
    expect(await discoverOAuthProtectedResourceMetadata(url)).toEqual(metadata);
  });

  it('has the public URL behind a proxy, at every path that a client may request', async () => {
    const publicUrl = 'https://tools.example.com/slack/mcp';
    const address = await serve({
      auth: { jwt: { issuer: ISSUER, requiredScopes: ['mcp'], readScope: 'r', writeScope: 'w' } },
      publicUrl,
      mcpMountPath: '/tools',
      allowedHosts: ['tools.example.com'],
    });
    const host = { host: 'tools.example.com' };
    for (const suffix of ['', '/tools', '/slack/mcp']) {
      const answer = await send(`${address}/.well-known/oauth-protected-resource${suffix}`, { headers: host });
      expect([suffix, answer.status, answer.body]).toEqual([
        suffix,
        200,
        expect.objectContaining({ resource: publicUrl, scopes_supported: ['mcp', 'r', 'w'] }),
      ]);
    }
    const refused = await send(`${address}/tools`, { headers: host });
    expect(refused.headers['www-authenticate']).toBe(
      'Bearer realm="slack-mcp", scope="mcp r w", resource_metadata="https://tools.example.com/.well-known/oauth-protected-resource/slack/mcp"',
    );
  });

  it('is served only under the names of this server, and only if access tokens are accepted', async () => {
    const path = '/.well-known/oauth-protected-resource';
    const address = await serve({ auth: { jwt: JWT } });
    expect((await send(`${address}${path}`, { headers: { host: 'evil.example.com' } })).status).toBe(403);
    expect((await send(`${address}${path}`, { headers: { origin: 'https://evil.example.com' } })).status).toBe(403);
    expect((await send(`${await serve()}${path}`)).status).toBe(404);
  });
});

describe('a server on a network', () => {
  const anywhere = { host: '0.0.0.0', port: 0 };

  it('does not start without authorization', () => {
    expect(() => createMcpHttpServer(anywhere)).toThrow(/on 0\.0\.0\.0, anyone .*set auth/);
    expect(() => createMcpHttpServer({ ...anywhere, auth: {} })).toThrow(/set auth/);
    expect(() => createMcpHttpServer({ ...anywhere, auth: { keys: [] } })).toThrow(/set auth/);
  });

  it.each([
    ['keys', { auth: { keys: [KEY] } }],
    ['access tokens', { auth: { jwt: JWT } }],
    ["Slack's signature", { auth: { slackSigned: {} }, signingSecret: 'a-signing-secret-of-the-tests' }],
  ])('starts with %s', (_name, options) => {
    expect(() => createMcpHttpServer({ ...anywhere, ...options })).not.toThrow();
  });
});
