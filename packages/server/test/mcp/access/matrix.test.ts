import { createSimulator, SIMULATOR_IDS, type Simulator } from '@slack-mcp/simulator';
import { type CapturedLog, capturedLog } from '@slack-mcp/test-support';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMcpHttpServer, type RunningServer } from '../../../src/index.ts';
import { SECRET, signedHeaders } from '../../support/signed.ts';
import { READING_NAMES, TOOL_NAMES } from '../../support/tool-names.ts';
import { type Answer, INITIALIZE, JSON_HEADERS, send } from '../support/send.ts';
import { AUDIENCE, startIssuer, type TestIssuer } from './support/test-issuer.ts';

const KEY = 'the-key-that-may-write-0123';
const READING_KEY = 'the-key-that-may-read-01234';
const ORIGIN = 'https://app.example.com';

const POST = {
  name: 'slack_post_message',
  arguments: { channel: SIMULATOR_IDS.channel, text: 'Posted by the matrix' },
};
const MODERN_META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

type Headers = Record<string, string | string[]>;
/** The expected answer: the status, and the compared part of the body, exactly. */
type Expected = { status: number; body?: unknown };
type Rights = 'read' | 'write';

let simulator: Simulator;
let issuer: TestIssuer;
let server: RunningServer;
let log: CapturedLog;
const tokens: Record<string, string> = {};

const WHERE = `scope="slack:read slack:write", resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"`;
const challenge = (error?: string): string =>
  `Bearer realm="slack-mcp", ${error === undefined ? '' : `error="${error}", `}${WHERE}`;

const MESSAGES = {
  unauthorized: 'A valid bearer token is required. Send it as Authorization: Bearer <token>.',
  invalid_request: 'The request has several Authorization headers. Send only one.',
  insufficient_scope: 'The access token lacks a required scope. This server uses the scopes slack:read, slack:write.',
  host_not_allowed: expect.stringMatching(/^Host not allowed: "evil.example.com" .*MCP_ALLOWED_HOSTS/) as string,
  origin_not_allowed: expect.stringMatching(
    /^Origin not allowed: web pages from "(null|https:\/\/evil.example.com)" .*MCP_ALLOWED_ORIGINS/,
  ) as string,
} as const;

const rpcError = (code: number, message: string) => ({ jsonrpc: '2.0', error: { code, message }, id: null });
const restError = (code: string, message: string, details: object = {}) => ({
  error: { code, message, component: 'tools', details, correlation_id: 'matrix' },
});

const names = ({ body }: Answer): unknown =>
  ((body.result?.['tools'] ?? (body as Record<string, unknown>)['tools']) as { name: string }[] | undefined)?.map(
    ({ name }) => name,
  ) ?? body;
const whole = ({ body }: Answer): unknown => body;

/** One kind of request. */
interface Method {
  name: string;
  method: string;
  path: string;
  headers?: Headers;
  body?: object;
  session?: true;
  /** The part of the answer to compare. Default: the whole body. */
  of?: (answer: Answer) => unknown;
  admitted(rights: Rights, kind: string): Expected;
}

const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' };
const NOT_ALLOWED = { status: 405, body: rpcError(-32000, 'Method not allowed.') };
const listed = (rights: Rights): Expected => ({ status: 200, body: rights === 'write' ? TOOL_NAMES : READING_NAMES });
const LACKING = (id: string) =>
  `slack_post_message: this tool writes, but ${id} may only read. Continue without it, or ask the operator of this server for write access.`;

const METHODS: Method[] = [
  {
    name: 'initialize',
    method: 'POST',
    path: '/mcp',
    body: INITIALIZE,
    of: ({ body }) => (body.result ? body.result['protocolVersion'] : body),
    admitted: () => ({ status: 200, body: '2025-11-25' }),
  },
  { name: 'tools/list', method: 'POST', path: '/mcp', session: true, body: list, of: names, admitted: listed },
  {
    name: 'tools/call of a tool that writes',
    method: 'POST',
    path: '/mcp',
    session: true,
    body: { jsonrpc: '2.0', id: 3, method: 'tools/call', params: POST },
    of: ({ body }) => {
      if (body.result === undefined) return body;
      const failure = (body.result['_meta'] as Record<string, unknown> | undefined)?.['slack-mcp/error'];
      return failure ?? fieldsOf(body.result);
    },
    admitted: (rights, kind) =>
      rights === 'write'
        ? { status: 200, body: ['channel', 'ts'] }
        : kind === 'jwt'
          ? { status: 403, body: rpcError(-32000, MESSAGES.insufficient_scope) }
          : {
              status: 200,
              body: { code: 'insufficient_rights', message: LACKING('key:reader'), details: { needed: 'write' } },
            },
  },
  {
    name: 'GET stream',
    method: 'GET',
    path: '/mcp',
    session: true,
    of: () => '',
    admitted: () => ({ status: 200, body: '' }),
  },
  { name: 'DELETE', method: 'DELETE', path: '/mcp', session: true, admitted: () => ({ status: 200, body: {} }) },
  { name: 'OPTIONS', method: 'OPTIONS', path: '/mcp', admitted: () => NOT_ALLOWED },
  { name: 'PUT', method: 'PUT', path: '/mcp', admitted: () => NOT_ALLOWED },
  { name: 'HEAD', method: 'HEAD', path: '/mcp', of: ({ text }) => text, admitted: () => ({ status: 405, body: '' }) },
  { name: 'GET /list_tools', method: 'GET', path: '/list_tools', of: names, admitted: listed },
  {
    name: 'POST /call_tool',
    method: 'POST',
    path: '/call_tool',
    body: POST,
    of: ({ body }) => ('structuredContent' in body ? Object.keys(body.structuredContent as object) : body),
    admitted: (rights, kind) =>
      rights === 'write'
        ? { status: 200, body: ['channel', 'ts'] }
        : {
            status: 403,
            body: restError('insufficient_rights', LACKING(kind === 'jwt' ? 'jwt:alice' : 'key:reader'), {
              needed: 'write',
            }),
          },
  },
  { name: 'GET sse', method: 'GET', path: '/mcp/sse', of: () => '', admitted: () => ({ status: 200, body: '' }) },
  {
    name: 'POST messages',
    method: 'POST',
    path: '/mcp/messages?sessionId=nobody',
    body: list,
    admitted: () => ({
      status: 404,
      body: rpcError(-32001, 'Session not found. Start one with GET /mcp/sse; it ends with that stream.'),
    }),
  },
  {
    name: 'tools/list of revision 2026-07-28',
    method: 'POST',
    path: '/mcp',
    headers: { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/list' },
    body: { ...list, params: { _meta: MODERN_META } },
    of: names,
    admitted: listed,
  },
];

/** A credential: the caller it identifies, or why it is rejected. */
interface Credential {
  name: string;
  headers(body: string): Headers;
  verdict:
    | { kind: 'key' | 'jwt'; rights: Rights }
    | { signed: 'good' | 'bad' }
    | { status: 400 | 401 | 403; code: keyof typeof MESSAGES; error?: string };
}

const bearer = (name: string) => () => ({ authorization: `Bearer ${tokens[name] ?? name}` });
const REFUSED = { status: 401, code: 'unauthorized', error: 'invalid_token' } as const;

const CREDENTIALS: Credential[] = [
  { name: 'none', headers: () => ({}), verdict: { status: 401, code: 'unauthorized' } },
  { name: 'a wrong key', headers: bearer('no-such-key'), verdict: REFUSED },
  { name: 'a malformed header', headers: () => ({ authorization: `Bearer ${KEY} twice` }), verdict: REFUSED },
  { name: 'another scheme', headers: () => ({ authorization: `Basic ${KEY}` }), verdict: REFUSED },
  { name: 'a key', headers: bearer(KEY), verdict: { kind: 'key', rights: 'write' } },
  { name: 'a key that may read', headers: bearer(READING_KEY), verdict: { kind: 'key', rights: 'read' } },
  {
    name: 'two keys',
    headers: () => ({ authorization: [`Bearer ${KEY}`, `Bearer ${KEY}`] }),
    verdict: { status: 400, code: 'invalid_request', error: 'invalid_request' },
  },
  { name: 'a JWT', headers: bearer('good'), verdict: { kind: 'jwt', rights: 'write' } },
  { name: 'a JWT that may read', headers: bearer('reading'), verdict: { kind: 'jwt', rights: 'read' } },
  { name: 'an expired JWT', headers: bearer('expired'), verdict: REFUSED },
  { name: 'a JWT that never expires', headers: bearer('eternal'), verdict: REFUSED },
  { name: 'a JWT without a subject', headers: bearer('nobody'), verdict: REFUSED },
  { name: 'a JWT for another server', headers: bearer('wrong audience'), verdict: REFUSED },
  { name: 'a JWT of another issuer', headers: bearer('wrong issuer'), verdict: REFUSED },
  { name: 'a JWT without signature', headers: bearer('alg none'), verdict: REFUSED },
  { name: 'a JWT signed with the public key', headers: bearer('HS256'), verdict: REFUSED },
  { name: 'a JWT signed with another key', headers: bearer('other key'), verdict: REFUSED },
  { name: 'a JWT with an unknown key', headers: bearer('unknown kid'), verdict: REFUSED },
  {
    name: 'a JWT without scope',
    headers: bearer('no scope'),
    verdict: { status: 403, code: 'insufficient_scope', error: 'insufficient_scope' },
  },
  { name: "Slack's signature", headers: (body) => signature(body), verdict: { signed: 'good' } },
  {
    name: "Slack's signature of an hour ago",
    headers: (body) => signature(body, { seconds: Math.floor(Date.now() / 1000) - 3600 }),
    verdict: { signed: 'bad' },
  },
  {
    name: 'a forged signature',
    headers: (body) => signature(body, { secret: 'the-secret-of-another-app' }),
    verdict: { signed: 'bad' },
  },
  { name: 'the signature of another body', headers: () => signature('{}'), verdict: { signed: 'bad' } },
];

function signature(body: string, options: Parameters<typeof signedHeaders>[1] = {}): Headers {
  const { 'content-type': _type, ...headers } = signedHeaders(body, options);
  return headers;
}

const PLACES: { name: string; headers: Headers; refusal?: 'host_not_allowed' | 'origin_not_allowed' }[] = [
  { name: 'no origin', headers: {} },
  { name: 'an allowed origin', headers: { origin: ORIGIN } },
  { name: 'a foreign origin', headers: { origin: 'https://evil.example.com' }, refusal: 'origin_not_allowed' },
  { name: 'a hidden origin', headers: { origin: 'null' }, refusal: 'origin_not_allowed' },
  { name: 'a foreign host', headers: { host: 'evil.example.com' }, refusal: 'host_not_allowed' },
];

beforeAll(async () => {
  simulator = await createSimulator({ signingSecret: SECRET });
  issuer = await startIssuer();
  log = capturedLog();
  server = createMcpHttpServer({
    token: 'xoxb-simulator',
    apiUrl: simulator.url,
    port: 0,
    auth: {
      keys: [KEY, { name: 'reader', token: READING_KEY, rights: 'read' }],
      jwt: { issuer: issuer.url },
      slackSigned: {},
    },
    signingSecret: SECRET,
    publicUrl: AUDIENCE,
    allowedOrigins: [ORIGIN],
    logger: log,
  });
  await server.start();
  Object.assign(tokens, {
    good: await issuer.token(),
    reading: await issuer.token({ scope: 'slack:read profile' }),
    expired: await issuer.token({ expiresIn: -60 }),
    eternal: await issuer.token({ expiresIn: undefined }),
    nobody: await issuer.token({ sub: undefined }),
    'wrong audience': await issuer.token({ audience: 'https://other.example.com/mcp' }),
    'wrong issuer': await issuer.token({ issuer: 'https://evil.example.com' }),
    'alg none': await issuer.forged('none'),
    HS256: await issuer.forged('public-key'),
    'other key': await issuer.forged('other-key'),
    'unknown kid': await issuer.token({ kid: 'unknown' }),
    'no scope': await issuer.token({ scope: 'profile' }),
  });
});

afterAll(async () => {
  await server.close({ drainTimeoutMs: 0 });
  await issuer[Symbol.asyncDispose]();
  await simulator.close();
});

const isRest = ({ path }: Method): boolean => path.endsWith('_tools') || path.endsWith('_tool');

function expected(method: Method, { verdict }: Credential, refusal?: keyof typeof MESSAGES) {
  const refused = (status: number, code: keyof typeof MESSAGES, challenged?: string) => ({
    status,
    challenge: challenged,
    body:
      method.method === 'HEAD'
        ? ''
        : isRest(method)
          ? restError(code, MESSAGES[code])
          : rpcError(-32000, MESSAGES[code]),
  });
  if (refusal !== undefined) return refused(403, refusal);
  if ('code' in verdict) return refused(verdict.status, verdict.code, challenge(verdict.error));
  if ('signed' in verdict) {
    // Slack sends MCP messages and nothing else.
    const canBe = method.method === 'POST' && !isRest(method);
    if (!canBe) return refused(401, 'unauthorized', challenge());
    if (verdict.signed === 'bad') return refused(401, 'unauthorized', challenge('invalid_token'));
    return { ...method.admitted('write', 'slack'), challenge: undefined };
  }
  const admitted = method.admitted(verdict.rights, verdict.kind);
  const stepUp = admitted.status === 403 && verdict.kind === 'jwt' ? challenge('insufficient_scope') : undefined;
  return { ...admitted, challenge: stepUp };
}

async function openSession(credential: Credential): Promise<string> {
  const body = JSON.stringify(INITIALIZE);
  const headers = { ...JSON_HEADERS, ...credential.headers(body) };
  const { headers: answered } = await send(`${server.address}/mcp`, { method: 'POST', headers, body });
  return String(answered['mcp-session-id'] ?? '');
}

describe.each(METHODS)('$name', (method) => {
  it.each(CREDENTIALS)('with $name', async (credential) => {
    const owner =
      'code' in credential.verdict || 'bad' === (credential.verdict as { signed?: string }).signed
        ? CREDENTIALS[4]
        : credential;
    let session = '';
    for (const [index, place] of PLACES.entries()) {
      if (method.session && session === '') session = await openSession(owner as Credential);
      // Each request has bytes of its own: what Slack signs acts once.
      const body = method.body === undefined ? '' : JSON.stringify(method.body) + ' '.repeat(index);
      const answer = await send(`${server.address}${method.path}`, {
        method: method.method,
        headers: {
          ...JSON_HEADERS,
          'x-correlation-id': 'matrix',
          ...(session === '' ? {} : { 'mcp-session-id': session }),
          ...method.headers,
          ...credential.headers(body),
          ...place.headers,
        },
        ...(body === '' ? {} : { body }),
      });
      const { status, challenge: challenged, ...rest } = expected(method, credential, place.refusal);
      expect(
        {
          status: answer.status,
          challenge: answer.headers['www-authenticate'],
          body: status === 200 || method.method === 'HEAD' ? (method.of ?? whole)(answer) : answer.body,
        },
        `from ${place.name}`,
      ).toEqual({ status, challenge: challenged, body: rest.body });
      // It has a stream now, or has ended.
      if (status === 200 && method.method !== 'POST') session = '';
    }
  });
});

it('logs no credential, and names callers', () => {
  const text = log.text();
  for (const secret of [KEY, READING_KEY, SECRET, 'Posted by the matrix', ...Object.values(tokens)]) {
    expect(text).not.toContain(secret);
  }
  expect(new Set(log.lines.map(({ fields }) => fields['caller']).filter(Boolean))).toEqual(
    new Set(['key:1', 'key:reader', 'jwt:alice', 'slack']),
  );
});

/** The fields of an answer in text, which has one line per field. */
function fieldsOf({ content }: Record<string, unknown>): string[] {
  const [{ text } = { text: '' }] = content as { text: string }[];
  return text.split('\n').map((line) => line.split(':')[0] ?? '');
}
