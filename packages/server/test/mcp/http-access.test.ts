import { hostname } from 'node:os';
import { capturedLog } from '@slack-mcp/test-support';
import { describe, expect, it } from 'vitest';
import { createKeyCheck } from '../../src/access/auth-key.ts';
import { refusePlace } from '../../src/access/place-check.ts';
import { openHost } from '../support/open-host.ts';
import { listen } from './support/listen.ts';
import { INITIALIZE, JSON_HEADERS, send } from './support/send.ts';

const KEY = 'the-right-key-0123456789';

function offlineHost() {
  const log = capturedLog();
  const slack = {
    async call(): Promise<never> {
      throw new Error('Slack must not be called here');
    },
  };
  return { log, host: openHost({ slack, logger: log, version: '1.2.3' }) };
}

/** The requests, and the answer to each when it is admitted without a session. */
const REQUESTS: [method: string, path: string, admitted: number][] = [
  ['POST', '/mcp', 200],
  ['GET', '/mcp', 400],
  ['DELETE', '/mcp', 400],
  ['PUT', '/mcp', 405],
  ['OPTIONS', '/mcp', 405],
  ['HEAD', '/mcp', 405],
  ['POST', '/', 200],
  ['GET', '/', 400],
  ['GET', '/mcp/sse', 200],
  ['POST', '/mcp/sse', 405],
  ['DELETE', '/mcp/sse', 405],
  ['POST', '/mcp/messages', 404],
  ['GET', '/mcp/messages', 405],
];

const KEYS: [name: string, headers: Record<string, string>, right: boolean][] = [
  ['no key', {}, false],
  ['a wrong key', { authorization: 'Bearer the-wrong-key' }, false],
  ['the right key in the wrong place', { authorization: `Basic ${KEY}` }, false],
  ['a part of the key', { authorization: `Bearer ${KEY.slice(0, -1)}` }, false],
  ['an empty key', { authorization: 'Bearer ' }, false],
  ['the right key', { authorization: `Bearer ${KEY}` }, true],
  ['the right key, with the scheme in lower case', { authorization: `bearer ${KEY}` }, true],
];

const PLACES: [name: string, headers: Record<string, string>, home: boolean][] = [
  ['a loopback host', {}, true],
  ['a loopback origin', { origin: 'http://localhost:6274' }, true],
  ['a foreign origin', { origin: 'https://evil.example.com' }, false],
  ['an origin that resembles an allowed one', { origin: 'http://localhost.evil.example.com' }, false],
  ['a hidden origin', { origin: 'null' }, false],
  ['a foreign host', { host: 'evil.example.com' }, false],
];

describe.each(REQUESTS)('%s %s', (method, path, admitted) => {
  it('is admitted or rejected by key, origin and host alone', async () => {
    const { host, log } = offlineHost();
    await using locked = await listen({ host, logger: log, auth: { keys: ['another-key', KEY] } });
    await using open = await listen({ host, logger: log });
    const ask = (url: string, headers: Record<string, string>) =>
      send(`${url}${path}`, {
        method,
        headers: { ...JSON_HEADERS, ...headers },
        ...(method === 'POST' ? { body: INITIALIZE } : {}),
      });

    for (const [place, placeHeaders, home] of PLACES) {
      for (const [key, keyHeaders, right] of KEYS) {
        const answer = await ask(locked.url, { ...placeHeaders, ...keyHeaders });
        const expected = !home ? 403 : right ? admitted : 401;
        expect(answer.status, `${key} from ${place}`).toBe(expected);
        if (expected === 401) {
          const challenge = 'authorization' in keyHeaders ? ', error="invalid_token"' : '';
          expect(answer.headers['www-authenticate']).toBe(`Bearer realm="slack-mcp"${challenge}`);
        }
        if (method !== 'HEAD' && expected >= 400) {
          expect(answer.body).toMatchObject({ jsonrpc: '2.0', id: null, error: { code: expect.any(Number) } });
        }
      }
      expect((await ask(open.url, placeHeaders)).status, `without keys, from ${place}`).toBe(home ? admitted : 403);
    }
    expect(log.text()).not.toContain(KEY);
    await host.close();
  });
});

describe('the guard', () => {
  const allowed = (policy: object, headers: object, boundTo = '127.0.0.1') =>
    refusePlace(policy, { host: 'localhost', ...headers }, boundTo)?.code ?? 'allowed';

  it.each([
    ['localhost:3000', '127.0.0.1', 'allowed'],
    ['127.0.0.1:3000', '127.0.0.1', 'allowed'],
    ['[::1]:3000', '127.0.0.1', 'allowed'],
    ['LOCALHOST', '127.0.0.1', 'allowed'],
    ['10.0.0.5:3000', '127.0.0.1', 'host_not_allowed'],
    ['10.0.0.5:3000', '10.0.0.5', 'allowed'],
    ['10.0.0.6:3000', '10.0.0.5', 'host_not_allowed'],
    ['10.0.0.5:3000', '0.0.0.0', 'allowed'],
    ['[fe80::1]:3000', '::', 'allowed'],
    [hostname(), '0.0.0.0', 'allowed'],
    ['evil.example.com', '0.0.0.0', 'host_not_allowed'],
    ['evil.example.com', '127.0.0.1', 'host_not_allowed'],
    ['127.0.0.1.evil.example.com', '0.0.0.0', 'host_not_allowed'],
    ['', '0.0.0.0', 'host_not_allowed'],
    ['a b', '0.0.0.0', 'host_not_allowed'],
    [undefined, '0.0.0.0', 'host_not_allowed'],
  ])('handles host %j on %s: %s', (host, boundTo, expected) => {
    expect(allowed({}, { host }, boundTo)).toBe(expected);
  });

  it.each([
    ['mcp.example.com', 'allowed'],
    ['MCP.example.com:443', 'allowed'],
    ['with-port.example.com:8080', 'allowed'],
    ['with-port.example.com:9090', 'host_not_allowed'],
    ['evil-mcp.example.com', 'host_not_allowed'],
    ['sub.mcp.example.com', 'host_not_allowed'],
    ['mcp.example.com.evil.example.com', 'host_not_allowed'],
    ['localhost', 'host_not_allowed'],
  ])('uses only the list of hosts if there is one: %s', (host, expected) => {
    expect(allowed({ allowedHosts: ['mcp.example.com', 'with-port.example.com:8080'] }, { host })).toBe(expected);
  });

  it.each([[undefined], [['internal.example.com']]])(
    'accepts the host of the public URL in addition to %j',
    (allowedHosts) => {
      const policy = { publicUrl: 'https://mcp.example.com/mcp', ...(allowedHosts && { allowedHosts }) };
      expect(allowed(policy, { host: 'mcp.example.com' })).toBe('allowed');
      expect(allowed(policy, { host: 'MCP.example.com:443' })).toBe('allowed');
      expect(allowed(policy, { host: 'example.com' })).toBe('host_not_allowed');
    },
  );

  it.each([
    ['https://app.example.com', 'allowed'],
    ['http://app.example.com', 'origin_not_allowed'],
    ['http://localhost:6274', 'origin_not_allowed'],
    [undefined, 'allowed'],
  ])('uses only the list of origins if there is one: %s', (origin, expected) => {
    expect(allowed({ allowedOrigins: ['https://app.example.com'] }, { origin })).toBe(expected);
  });

  it('accepts every host and origin if configured so', () => {
    expect(
      allowed({ allowedHosts: ['*'], allowedOrigins: ['*'] }, { host: 'x.example', origin: 'https://y.example' }),
    ).toBe('allowed');
  });

  it('names callers after their key without revealing it', () => {
    const check = createKeyCheck(['one', { name: 'ci', token: 'two', rights: 'read' }]);
    expect(check('one')).toEqual({ id: 'key:1', kind: 'key', rights: 'write' });
    expect(check('two')).toEqual({ id: 'key:ci', kind: 'key', rights: 'read' });
    expect(check('three')).toBeUndefined();
  });

  it.each([
    [[], 'auth contains no way to authenticate: add a key'],
    [[''], 'give each key both'],
    [['ok', ''], 'give each key both'],
    [['same', { name: 'other', token: 'same' }], 'two keys have the same token'],
  ])('rejects the keys %j', async (keys, why) => {
    const { host, log } = offlineHost();
    await expect(listen({ host, logger: log, auth: { keys } })).rejects.toThrow(why);
  });
});
