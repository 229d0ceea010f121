import { appendFileSync, chmodSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capturedLog } from '@slack-mcp/test-support';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readMcpHttpSettings } from '../../../src/config/mcp-settings.ts';
import { createSettingsReader } from '../../../src/config/settings-reader.ts';
import { createMcpHttpServer, type McpHttpServerOptions } from '../../../src/index.ts';
import { temporaryFolder } from '../../support/commands.ts';
import { openStream } from '../support/event-stream.ts';
import { JSON_HEADERS, openSession, send } from '../support/send.ts';
import { AUDIENCE, startIssuer, type TestIssuer } from './support/test-issuer.ts';

const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
const as = (token: string) => ({ authorization: `Bearer ${token}` });
const [ALICE, BOB, NEXT] = ['alices-key-0123456789', 'bobs-key-0123456789abc', 'alices-next-key-012345'] as const;

async function serve(options: Partial<McpHttpServerOptions>) {
  const log = capturedLog();
  const server = createMcpHttpServer({ token: 'xoxb-simulator', port: 0, logger: log, ...options });
  await server.start();
  onTestFinished(() => server.close({ drainTimeoutMs: 0 }));
  const url = `${server.address}/mcp`;
  const ask = (token: string, session: string) =>
    send(url, { method: 'POST', headers: { ...JSON_HEADERS, ...as(token), 'mcp-session-id': session }, body: list });
  return { url, ask, log };
}

/** Resolves when the server ends a stream. */
const ended = (stream: { response: NodeJS.EventEmitter }) =>
  new Promise<void>((resolve) => stream.response.once('close', resolve));

async function withIssuer(): Promise<TestIssuer> {
  const issuer = await startIssuer();
  onTestFinished(() => issuer[Symbol.asyncDispose]());
  return issuer;
}

describe('an access token', () => {
  it('that expires ends the streams it opened, in both transports', async () => {
    const issuer = await withIssuer();
    const { url, ask } = await serve({ auth: { jwt: { issuer: issuer.url } }, publicUrl: AUDIENCE });
    const short = await issuer.token({ expiresIn: 3 });
    const session = await openSession(url, as(short));
    const streams = [await openStream(url, session, as(short)), await openStream(`${url}/sse`, '', as(short))];
    expect(streams.map(({ response }) => response.statusCode)).toEqual([200, 200]);
    const healthy = await openStream(`${url}/sse`, '', as(await issuer.token({ expiresIn: 600 })));
    await Promise.all(streams.map(ended));
    expect(healthy.response.destroyed).toBe(false);
    // The session continues with the next token of the same subject.
    expect((await ask(await issuer.token(), session)).status).toBe(200);
  });

  it('is accepted if its issuer marks it as an access token; an ID token is not', async () => {
    const issuer = await withIssuer();
    const { url } = await serve({ auth: { jwt: { issuer: issuer.url } }, publicUrl: AUDIENCE });
    const status = async (claims: Parameters<TestIssuer['token']>[0]) =>
      (await send(`${new URL(url).origin}/list_tools`, { headers: as(await issuer.token(claims)) })).status;
    expect(await status({})).toBe(200);
    expect(await status({ typ: 'application/at+jwt' })).toBe(200);
    expect(await status({ typ: 'AT+JWT' })).toBe(200);
    expect(await status({ typ: 'JWT' })).toBe(401);
    expect(await status({ typ: undefined })).toBe(401);
    expect(await status({ typ: 'logout+jwt' })).toBe(401);
    expect(await status({ more: { nonce: 'n' } })).toBe(401);
  });

  it('of an issuer that does not mark them is accepted with a setting; an ID token is still rejected', async () => {
    const issuer = await withIssuer();
    const jwt = { issuer: issuer.url, tokenType: 'any' } as const;
    const { url } = await serve({ auth: { jwt }, publicUrl: AUDIENCE });
    const status = async (claims: Parameters<TestIssuer['token']>[0]) =>
      (await send(`${new URL(url).origin}/list_tools`, { headers: as(await issuer.token(claims)) })).status;
    expect(await status({ typ: 'JWT' })).toBe(200);
    expect(await status({ typ: undefined })).toBe(200);
    for (const name of ['nonce', 'at_hash', 'c_hash'])
      expect(await status({ typ: 'JWT', more: { [name]: 'x' } })).toBe(401);
  });

  it.each(['alice\n03:04:05.678 INFO  forged', 'alice\u001b[2Jx', 'alice\u202egnp', 'a\\nb', 'alice\u009b2J'])(
    'names its caller safely in the log: %j',
    async (sub) => {
      const issuer = await withIssuer();
      const { url, log } = await serve({ auth: { jwt: { issuer: issuer.url } }, publicUrl: AUDIENCE });
      const call = { name: 'slack_read_emojis', arguments: {} };
      const headers = { ...JSON_HEADERS, ...as(await issuer.token({ sub })) };
      await send(`${new URL(url).origin}/call_tool`, { method: 'POST', headers, body: call });
      const callers = log.lines.map(({ fields }) => fields['caller']).filter((caller) => caller !== undefined);
      expect(callers.length).toBeGreaterThan(0);
      for (const caller of callers) expect(caller).toMatch(/^jwt:[\x20-\x7e]+$/);
      // A text and its escaped form are two subjects.
      expect(callers[0] === 'jwt:a\\nb').toBe(false);
    },
  );
});

describe('a key in a file', () => {
  function keyFile(text: string): string {
    const path = join(temporaryFolder(), 'keys');
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }

  async function serveFile(path: string, env: Record<string, string> = {}) {
    const reader = createSettingsReader({ MCP_AUTH_TOKEN_FILE: path, ...env });
    const problems: unknown[] = [];
    reader.onProblem = (event, fields) => problems.push([event, fields]);
    const { auth } = readMcpHttpSettings(reader, 'both', '127.0.0.1');
    return { ...(await serve({ auth })), problems };
  }

  it('that is removed is rejected at once, and its streams and sessions end, while others continue', async () => {
    const path = keyFile(`alice:write=${ALICE}\nbob:read=${BOB}\n`);
    const { url, ask, log } = await serveFile(path);
    const [hers, his] = [await openSession(url, as(ALICE)), await openSession(url, as(BOB))];
    const stream = await openStream(url, hers, as(ALICE));
    const sse = await openStream(`${url}/sse`, '', as(ALICE));
    const healthy = await openStream(url, his, as(BOB));
    const both = Promise.all([ended(stream), ended(sse)]);
    writeFileSync(path, `bob:read=${BOB}\n`);
    await both;
    expect((await ask(ALICE, hers)).status).toBe(401);
    expect((await ask(BOB, his)).status).toBe(200);
    expect(healthy.response.destroyed).toBe(false);
    await expect.poll(() => log.lines.filter(({ fields }) => fields['reason'] === 'revoked').length).toBeGreaterThan(0);
    expect(log.text()).not.toContain(ALICE);
  });

  it('that outlasts a removed key still ends its streams when it is replaced itself', async () => {
    const path = keyFile(`alice:write=${ALICE}\nbob:read=${BOB}\n`);
    const { url } = await serveFile(path);
    const hers = await openStream(url, await openSession(url, as(ALICE)), as(ALICE));
    const his = await openStream(url, await openSession(url, as(BOB)), as(BOB));
    const [herEnd, hisEnd] = [ended(hers), ended(his)];
    writeFileSync(path, `alice:write=${ALICE}\n`);
    await hisEnd;
    expect(hers.response.destroyed).toBe(false);
    // Another key takes its name, so its sessions stay.
    writeFileSync(path, `alice:write=${NEXT}\n`);
    await herEnd;
  });

  it('that replaces another key of the same name takes over its session', async () => {
    const path = keyFile(`alice:write=${ALICE}\n`);
    const { url, ask } = await serveFile(path);
    const session = await openSession(url, as(ALICE));
    const stream = await openStream(url, session, as(ALICE));
    const end = ended(stream);
    // As deployment tools do: a new file replaces the old one.
    writeFileSync(`${path}.new`, `alice:write=${NEXT}\n`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
    await end;
    expect((await ask(ALICE, session)).status).toBe(401);
    expect((await ask(NEXT, session)).status).toBe(200);
  });

  it('that becomes read-only can no longer write', async () => {
    const path = keyFile(`alice:write=${ALICE}\n`);
    const { url } = await serveFile(path);
    const tools = async () => (await send(`${new URL(url).origin}/list_tools`, { headers: as(ALICE) })).text;
    expect(await tools()).toContain('slack_post_message');
    writeFileSync(path, `alice:read=${ALICE}\n`);
    await expect.poll(tools, { timeout: 20_000 }).not.toContain('slack_post_message');
  });

  it.each([
    ['is broken', (path: string) => writeFileSync(path, 'alice:admin=x\n')],
    ['has become writable by others', (path: string) => chmodSync(path, 0o666)],
    ['names one key twice', (path: string) => appendFileSync(path, `bob:read=${ALICE}\n`)],
  ])('stays valid while the file %s, and the log gives the reason', async (_name, change) => {
    const path = keyFile(`alice:write=${ALICE}\n`);
    const { url, problems } = await serveFile(path);
    change(path);
    await expect.poll(() => problems.length, { timeout: 20_000 }).toBe(1);
    expect(JSON.stringify(problems)).toMatch(/mcp_keys_not_reloaded/);
    expect(JSON.stringify(problems)).not.toContain(ALICE);
    expect((await send(`${new URL(url).origin}/list_tools`, { headers: as(ALICE) })).status).toBe(200);
  });

  it('that was the last one is revoked by an empty file, which admits no caller', async () => {
    const path = keyFile(`alice:write=${ALICE}\n`);
    const { url } = await serveFile(path);
    writeFileSync(path, '# nobody\n');
    const status = async (headers: Record<string, string>) =>
      (await send(`${new URL(url).origin}/list_tools`, { headers })).status;
    await expect.poll(() => status(as(ALICE)), { timeout: 20_000 }).toBe(401);
    expect(await status({})).toBe(401);
  });
});
