import { capturedLog } from '@slack-mcp/test-support';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { TrustProxy } from '../../src/http/forwarded.ts';
import { createMcpHttpServer } from '../../src/index.ts';
import { send } from '../mcp/support/send.ts';

const METADATA = '/.well-known/oauth-protected-resource/mcp';
const FORWARDED = {
  'x-forwarded-for': '203.0.113.7, 198.51.100.2',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'mcp.example.com',
};

async function serve(trustProxy?: TrustProxy) {
  const logger = capturedLog();
  const server = createMcpHttpServer({
    port: 0,
    logger,
    token: 'xoxb-simulator',
    auth: { jwt: { issuer: 'http://127.0.0.1:9', audience: 'slack' } },
    allowedHosts: ['127.0.0.1', 'mcp.example.com'],
    ...(trustProxy === undefined ? {} : { trustProxy }),
  });
  onTestFinished(() => server.close({ drainTimeoutMs: 0 }));
  await server.start();
  return {
    address: server.address,
    /** The address of the client in the log of a refused request. */
    client: () => logger.lines.find(({ event }) => event === 'mcp_request_refused')?.fields['client'],
  };
}

describe.each([
  ['without a setting', undefined],
  ['if the proxy is another machine', ['192.0.2.1']],
  ['with 0 proxies', 0],
] as [string, TrustProxy | undefined][])('forwarded headers, %s', (_name, trust) => {
  test('change nothing', async () => {
    const { address, client } = await serve(trust);
    const plain = await send(`${address}${METADATA}`);
    const forged = await send(`${address}${METADATA}`, { headers: FORWARDED });
    expect(forged.body).toEqual(plain.body);
    expect(forged.body).toMatchObject({ resource: `${address}/mcp` });
    const refused = await send(`${address}/mcp`, { method: 'POST', headers: FORWARDED });
    expect(refused.headers['www-authenticate']).toContain(`resource_metadata="${address}${METADATA}"`);
    expect(client()).toBe('127.0.0.1');
  });

  test('do not get past the check of the host', async () => {
    const { address } = await serve(trust);
    const headers = { ...FORWARDED, host: 'evil.example.com' };
    expect((await send(`${address}${METADATA}`, { headers })).status).toBe(403);
  });
});

describe.each([
  ['of one proxy', 1, '198.51.100.2'],
  ['of two proxies', 2, '203.0.113.7'],
  ['of a proxy at an address', ['127.0.0.0/8'], '198.51.100.2'],
  ['of two proxies at addresses', ['loopback', '198.51.100.2'], '203.0.113.7'],
  ['of every client', true, '203.0.113.7'],
] as [string, TrustProxy, string][])('forwarded headers %s', (_name, trust, expected) => {
  test('name the client, and the URLs that clients use', async () => {
    const { address, client } = await serve(trust);
    const { body } = await send(`${address}${METADATA}`, { headers: FORWARDED });
    expect(body).toMatchObject({ resource: 'https://mcp.example.com/mcp' });
    const refused = await send(`${address}/mcp`, { method: 'POST', headers: FORWARDED });
    expect(refused.headers['www-authenticate']).toContain(`resource_metadata="https://mcp.example.com${METADATA}"`);
    expect(client()).toBe(expected);
  });

  test('name no host that is not allowed', async () => {
    const { address } = await serve(trust);
    const forwarded = { ...FORWARDED, 'x-forwarded-host': 'evil.example.com' };
    expect((await send(`${address}${METADATA}`, { headers: forwarded })).status).toBe(403);
    expect((await send(`${address}${METADATA}`, { headers: { ...FORWARDED, host: 'evil.example.com' } })).status).toBe(
      403,
    );
  });
});
