import { describe, expect, it } from 'vitest';
import { listen } from '../support/listen.ts';
import { JSON_HEADERS, openSession, send } from '../support/send.ts';
import { startWorkspace } from '../support/start-workspace.ts';

const LISTS = ['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'];

async function ask(url: string, session: string, body: object, headers: Record<string, string> = {}) {
  return send(url, { method: 'POST', headers: { ...JSON_HEADERS, 'mcp-session-id': session, ...headers }, body });
}

describe('a request for a list', () => {
  it.each(LISTS)('%s is answered as plain JSON, with the same content as a stream', async (method) => {
    await using at = await startWorkspace();
    await using server = await listen({ host: at.host, logger: at.log });
    const session = await openSession(`${server.url}/mcp`);
    const request = { jsonrpc: '2.0', id: 'a "quoted" id', method };
    const quick = await ask(`${server.url}/mcp`, session, request);
    expect(quick).toMatchObject({ status: 200, headers: { 'mcp-session-id': session } });
    expect(quick.headers['content-type']).toMatch(/^application\/json/);
    const streamed = await ask(`${server.url}/mcp`, session, [request]);
    expect(streamed.headers['content-type']).toBe('text/event-stream');
    expect(quick.body).toEqual({ ...streamed.body });
    expect(quick.body).toMatchObject({ id: 'a "quoted" id' });
  });

  it.each([
    ['an unknown cursor', { params: { cursor: 'nope' } }, {}, 200],
    ['a revision that does not exist', {}, { 'mcp-protocol-version': '1999-01-01' }, 400],
    ['a client that accepts neither', {}, { accept: 'text/html' }, 406],
    ['an invalid id', { id: { a: 1 } }, {}, 400],
    ['invalid parameters', { params: 'x' }, {}, 400],
  ])('with %s is left to the SDK', async (_name, more, headers, status) => {
    await using at = await startWorkspace();
    await using server = await listen({ host: at.host, logger: at.log });
    const session = await openSession(`${server.url}/mcp`);
    const request = { jsonrpc: '2.0', id: 1, method: 'tools/list', ...more };
    const answer = await ask(`${server.url}/mcp`, session, request, headers);
    expect(answer.status).toBe(status);
    expect(answer.body.error?.code).toBeLessThan(0);
  });
});
