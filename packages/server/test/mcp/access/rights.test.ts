import { describe, expect, it, onTestFinished } from 'vitest';
import { createMcpHttpServer } from '../../../src/index.ts';
import { READING_NAMES, READING_PROMPT_NAMES, TOOL_NAMES } from '../../support/tool-names.ts';
import { JSON_HEADERS, openSession, send } from '../support/send.ts';
import { AUDIENCE, startIssuer } from './support/test-issuer.ts';

async function serve() {
  const issuer = await startIssuer();
  const keys = [
    { name: 'ci', token: 'the-old-key-of-ci', rights: 'write' },
    { name: 'ci', token: 'the-new-key-of-ci', rights: 'read' },
  ] as const;
  const server = createMcpHttpServer({ port: 0, auth: { keys, jwt: { issuer: issuer.url, audience: AUDIENCE } } });
  await server.start();
  onTestFinished(async () => {
    await server.close({ drainTimeoutMs: 0 });
    await issuer[Symbol.asyncDispose]();
  });
  const url = `${server.address}/mcp`;
  const as = (token: string): Record<string, string> => ({ ...JSON_HEADERS, authorization: `Bearer ${token}` });
  async function listed(member: 'tools' | 'prompts', headers: Record<string, string>): Promise<unknown[]> {
    const { body } = await send(url, {
      method: 'POST',
      headers,
      body: { jsonrpc: '2.0', id: 1, method: `${member}/list` },
    });
    return ((body.result?.[member] ?? []) as { name: string }[]).map(({ name }) => name);
  }
  return { issuer, url, as, listed };
}

describe('rights', () => {
  it('apply to each request, not to the caller that opened the session', async () => {
    const { issuer, url, as, listed } = await serve();
    const [writing, reading] = [await issuer.token(), await issuer.token({ scope: 'slack:read' })];
    const session = { 'mcp-session-id': await openSession(url, as(writing)) };
    expect(await listed('tools', { ...as(writing), ...session })).toEqual(TOOL_NAMES);
    expect(await listed('tools', { ...as(reading), ...session })).toEqual(READING_NAMES);
    expect(await listed('tools', { ...as(writing), ...session })).toEqual(TOOL_NAMES);
  });

  it('determine which prompts are offered', async () => {
    const { url, as, listed } = await serve();
    const session = { 'mcp-session-id': await openSession(url, as('the-new-key-of-ci')) };
    expect(await listed('prompts', { ...as('the-new-key-of-ci'), ...session })).toEqual(READING_PROMPT_NAMES);
  });

  it('may differ between two keys of one caller, which share a session', async () => {
    const { url, as, listed } = await serve();
    const session = { 'mcp-session-id': await openSession(url, as('the-old-key-of-ci')) };
    expect(await listed('tools', { ...as('the-old-key-of-ci'), ...session })).toEqual(TOOL_NAMES);
    expect(await listed('tools', { ...as('the-new-key-of-ci'), ...session })).toEqual(READING_NAMES);
  });

  it('of a batch are those that all of its members need', async () => {
    const { issuer, url, as } = await serve();
    const headers = as(await issuer.token({ scope: 'slack:read' }));
    const session = { 'mcp-session-id': await openSession(url, headers) };
    const call = (name: string) => ({
      jsonrpc: '2.0',
      id: name,
      method: 'tools/call',
      params: { name, arguments: {} },
    });
    const body = [call('slack_read_emojis'), call('slack_add_reactions')];
    const answer = await send(url, { method: 'POST', headers: { ...headers, ...session }, body });
    expect(answer.status).toBe(403);
    expect(answer.headers['www-authenticate']).toContain('error="insufficient_scope", scope="slack:read slack:write"');
  });

  it('do not apply to another caller in the same session', async () => {
    const { issuer, url, as } = await serve();
    const session = { 'mcp-session-id': await openSession(url, as(await issuer.token({ sub: 'alice' }))) };
    const headers = { ...as(await issuer.token({ sub: 'bob' })), ...session };
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    expect((await send(url, { method: 'POST', headers, body })).status).toBe(404);
  });
});

describe('an unavailable issuer', () => {
  it('admits no caller with a token, and every caller with a key', async () => {
    const { issuer, url, as } = await serve();
    issuer.answers.set('/jwks', 500);
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    const answer = await send(url, { method: 'POST', headers: as(await issuer.token()), body });
    expect({ status: answer.status, retryAfter: answer.headers['retry-after'], body: answer.body }).toEqual({
      status: 503,
      retryAfter: '5',
      body: {
        jsonrpc: '2.0',
        error: {
          code: -32000,
          message: "The token cannot be verified now, because its issuer's keys cannot be fetched. Try again.",
        },
        id: null,
      },
    });
    expect(answer.headers).not.toHaveProperty('www-authenticate');
    expect(await openSession(url, as('the-old-key-of-ci'))).toMatch(/^[0-9a-f-]{36}$/);
  });
});
