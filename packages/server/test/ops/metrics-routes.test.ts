import { describe, expect, onTestFinished, test } from 'vitest';
import { createMcpHttpServer, createWebhookServer, type WebhookServerOptions } from '../../src/index.ts';
import { memoryBackend } from '../support/ingress-server.ts';
import { SECRET } from '../support/signed.ts';

const KEY = 'scrape-key-of-a-test';
const READ = { name: 'board', role: 'read', token: 'read-key-of-the-operations-api' } as const;

/** Starts a server, and returns a function that scrapes it with an `Authorization` header. */
async function scraper(options: Partial<WebhookServerOptions>) {
  const server = createWebhookServer({ signingSecret: SECRET, port: 0, backend: memoryBackend(), ...options });
  onTestFinished(() => server.close({ drainTimeoutMs: 0 }));
  await server.start();
  const { port } = new URL(server.address);
  return async (authorization?: string, path = '/metrics') => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      headers: authorization ? { authorization } : {},
    });
    const text = await response.text();
    return { status: response.status, text, challenge: response.headers.get('www-authenticate') };
  };
}

describe('a scraper', () => {
  test('needs no key on loopback', async () => {
    const scrape = await scraper({});
    expect(await scrape()).toMatchObject({ status: 200, text: expect.stringContaining('slack_mcp_') });
  });

  test('is refused on a network if the server has no key, but probes are not', async () => {
    const scrape = await scraper({ host: '0.0.0.0' });
    const { status, text } = await scrape(`Bearer ${KEY}`);
    expect(status).toBe(403);
    expect(JSON.parse(text)).toMatchObject({
      error: { code: 'metrics_closed', message: expect.stringContaining('SLACK_MCP_METRICS_KEY') },
    });
    expect(text).not.toContain('slack_mcp_');
    for (const path of ['/health', '/healthz', '/readyz'])
      expect(await scrape(undefined, path)).toMatchObject({ status: 200 });
  });

  test.each(['0.0.0.0', '127.0.0.1'])('needs a key on %s if the server has one', async (host) => {
    const scrape = await scraper({ host, metricsKeys: [KEY], ops: { keys: [READ] } });
    for (const wrong of [undefined, 'Bearer', `Bearer ${KEY}x`, `Basic ${KEY}`]) {
      const { status, text, challenge } = await scrape(wrong);
      expect([status, challenge]).toEqual([401, expect.stringContaining('Bearer')]);
      expect(JSON.parse(text)).toMatchObject({ error: { code: 'unauthorized', component: 'http' } });
      expect(text).not.toContain('slack_mcp_');
    }
    for (const key of [KEY, READ.token]) expect(await scrape(`Bearer ${key}`)).toMatchObject({ status: 200 });
  });

  test('needs a key of its own on a server for MCP', async () => {
    const server = createMcpHttpServer({ host: '0.0.0.0', port: 0, auth: { keys: ['mcp'] }, metricsKeys: [KEY] });
    onTestFinished(() => server.close({ drainTimeoutMs: 0 }));
    await server.start();
    const url = `http://127.0.0.1:${new URL(server.address).port}/metrics`;
    const statusOf = async (key: string) => (await fetch(url, { headers: { authorization: `Bearer ${key}` } })).status;
    expect([await statusOf('mcp'), await statusOf(KEY)]).toEqual([401, 200]);
  });
});
