import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createMcpHttpServer, type McpHttpServerOptions } from '../../src/index.ts';
import { INITIALIZE, JSON_HEADERS, send } from '../mcp/support/send.ts';

const KEY = 'the-key-that-may-write-0123';
const READING_KEY = 'the-key-that-may-read-01234';
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

async function serve(options: Partial<McpHttpServerOptions> = {}) {
  const server = createMcpHttpServer({
    port: 0,
    token: 'xoxb-simulator',
    apiUrl: 'http://127.0.0.1:9/api/',
    ...options,
  });
  onTestFinished(() => server.close({ drainTimeoutMs: 0 }));
  await server.start();
  return server.address;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, unknown>>;
  readonly components: { readonly schemas: Readonly<Record<string, { readonly properties?: object }>> };
}

async function documentOf(address: string, headers: Record<string, string> = {}): Promise<Document> {
  const answer = await fetch(`${address}/openapi.json`, { headers });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Document;
}

describe('the OpenAPI document', () => {
  test.each([
    ['text', ['all']],
    ['json', ['all']],
  ] as const)('is valid with every tool, for answers as %s', async (output, toolsets) => {
    const address = await serve({ output, toolsets });
    const document = await documentOf(address);
    expect(document.openapi).toBe('3.1.0');
    expect(await new Validator().validate(structuredClone(document) as unknown as Record<string, unknown>)).toEqual({
      valid: true,
    });
    for (const [pointer] of JSON.stringify(document).matchAll(/(?<="\$ref":")[^"]+/g)) {
      const target = pointer
        .slice(2)
        .split('/')
        .reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], document);
      expect(target, pointer).toBeDefined();
    }
    const { tools } = (await (await fetch(`${address}/list_tools`)).json()) as { tools: { name: string }[] };
    const names = Object.keys(document.components.schemas).filter((name) => name.endsWith('.arguments'));
    expect(names).toEqual(tools.map(({ name }) => `${name}.arguments`));
  });

  test('contains only what the caller may call', async () => {
    const address = await serve({ auth: { keys: [KEY, { name: 'reader', token: READING_KEY, rights: 'read' }] } });
    expect((await fetch(`${address}/openapi.json`)).status).toBe(401);
    const all = await documentOf(address, { authorization: `Bearer ${KEY}` });
    const reading = await documentOf(address, { authorization: `Bearer ${READING_KEY}` });
    expect(all.components.schemas).toHaveProperty(['slack_post_message.arguments']);
    expect(reading.components.schemas).not.toHaveProperty(['slack_post_message.arguments']);
    expect(reading.components.schemas).toHaveProperty(['slack_read_emojis.arguments']);
  });

  test('describes no tool if the selection of a request is not valid', async () => {
    const address = await serve();
    const answer = await fetch(`${address}/openapi.json`, { headers: { 'x-mcp-toolsets': 'unknown' } });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: 'invalid_selection', component: 'tools' } });
  });
});

describe('the pages', () => {
  test.each(['/', '/docs'])('%s needs no key, and loads nothing from elsewhere', async (path) => {
    const address = await serve({ auth: { keys: [KEY] } });
    const page = await send(`${address}${path}`, { headers: { accept: BROWSER } });
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(page.text).not.toMatch(/https?:|<style|<script>|\son\w+=|style=/);
    for (const [, file] of page.text.matchAll(/(?:src|href)="(\/docs\/[^"]+)"/g)) {
      const { status, text } = await send(`${address}${file}`);
      expect(status).toBe(200);
      expect(text).not.toMatch(/https?:|innerHTML|eval\(/);
    }
  });

  test('are not readable under a foreign host', async () => {
    const address = await serve();
    expect((await send(`${address}/docs`, { headers: { host: 'evil.example.com' } })).status).toBe(403);
  });

  test.each([
    ['both', '/mcp'],
    ['streamable-http', '/'],
  ] as const)('do not change MCP at /, with %s at %s', async (mcpTransport, mcpMountPath) => {
    const address = await serve({ mcpTransport, mcpMountPath });
    const opened = await send(address, { method: 'POST', headers: JSON_HEADERS, body: INITIALIZE });
    expect(opened.body.result).toMatchObject({ protocolVersion: '2025-11-25' });
    const session = String(opened.headers['mcp-session-id']);
    const stream = await send(address, { headers: { accept: 'text/event-stream', 'mcp-session-id': session } });
    expect(stream.headers['content-type']).toContain('text/event-stream');
    const { text } = await send(address, { headers: { accept: BROWSER } });
    expect(text).toContain(`<code>${mcpMountPath}</code>`);
  });
});
