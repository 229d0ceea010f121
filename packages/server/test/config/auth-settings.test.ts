import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { KeySource } from '../../src/access/key-source.ts';
import { readMcpHttpSettings } from '../../src/config/mcp-settings.ts';
import { secretsIn } from '../../src/config/secrets.ts';
import { createSettingsReader } from '../../src/config/settings-reader.ts';

const LONG = 'fedcba9876543210';
const ISSUER = 'https://auth.example.com/tenant';

const read = (env: Record<string, string>, host = '127.0.0.1') =>
  readMcpHttpSettings(createSettingsReader(env), 'both', host);

function fileOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'slack-mcp-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'keys');
  writeFileSync(path, text);
  return path;
}

describe('authorization', () => {
  test('is off by default on a loopback address', () => {
    expect(read({}).auth).toBeUndefined();
  });

  test('accepts keys, with or without names and rights', () => {
    const env = { MCP_AUTH_TOKEN: `${LONG}, ci:read=${LONG}1==,alice:write=a:b=${LONG},x:y` };
    expect(read(env).auth).toEqual({
      keys: [
        LONG,
        { name: 'ci', rights: 'read', token: `${LONG}1==` },
        { name: 'alice', rights: 'write', token: `a:b=${LONG}` },
        'x:y',
      ],
    });
  });

  test('accepts keys from a file in addition to the variable', () => {
    const file = fileOf(`# for the pipeline\n\nci:read=${LONG}1\r\n  ${LONG}2  \n`);
    const { keys } = read({ MCP_AUTH_TOKEN: LONG, MCP_AUTH_TOKEN_FILE: file }).auth ?? {};
    expect((keys as KeySource).current()).toEqual([
      LONG,
      { name: 'ci', rights: 'read', token: `${LONG}1` },
      `${LONG}2`,
    ]);
  });

  test('accepts access tokens', () => {
    const scopes = { tokenType: 'at+jwt', requiredScopes: [], readScope: 'slack:read', writeScope: 'slack:write' };
    expect(read({ MCP_JWT_ISSUER: ISSUER, MCP_JWT_AUDIENCE: 'a, b' }, '0.0.0.0').auth).toEqual({
      jwt: { issuer: ISSUER, audience: ['a', 'b'], ...scopes },
    });
    const env = {
      MCP_JWT_ISSUER: 'http://127.0.0.1:8080',
      MCP_JWT_JWKS_URL: 'http://localhost:8080/jwks',
      MCP_PUBLIC_URL: 'https://mcp.example.com/mcp',
      MCP_JWT_REQUIRED_SCOPES: 'mcp,beta',
      MCP_JWT_READ_SCOPE: 'r',
      MCP_JWT_WRITE_SCOPE: 'w',
    };
    expect(read(env)).toMatchObject({
      publicUrl: 'https://mcp.example.com/mcp',
      auth: {
        jwt: {
          issuer: 'http://127.0.0.1:8080',
          jwksUrl: 'http://localhost:8080/jwks',
          requiredScopes: ['mcp', 'beta'],
          readScope: 'r',
          writeScope: 'w',
        },
      },
    });
  });

  test("accepts Slack's signature", () => {
    expect(read({ MCP_SLACK_SIGNED: 'READ', SLACK_SIGNING_SECRET: LONG }, '0.0.0.0')).toMatchObject({
      auth: { slackSigned: { rights: 'read' } },
      signingSecret: [LONG],
    });
    const env = { MCP_SLACK_SIGNED: 'write', SLACK_SIGNING_SECRET: LONG, MCP_SLACK_TEAMS: 'T0123,E0123' };
    expect(read(env).auth).toEqual({ slackSigned: { rights: 'write', teams: ['T0123', 'E0123'] } });
    expect(read({ ...env, MCP_SLACK_APP: 'A0123' }).auth?.slackSigned).toMatchObject({ appId: 'A0123' });
    expect(() => read({ ...env, MCP_SLACK_APP: 'T0123' })).toThrow(/^MCP_SLACK_APP is not the id of an app/);
    expect(() => read({ MCP_SLACK_APP: 'A0123' })).toThrow(/^MCP_SLACK_APP has no effect without/);
    expect(read({ MCP_SLACK_SIGNED: 'off', SLACK_SIGNING_SECRET: LONG })).not.toHaveProperty('signingSecret');
  });

  const refused: [name: string, env: Record<string, string>, host: string, why: RegExp][] = [
    [
      'no authorization on a network',
      {},
      '0.0.0.0',
      /^MCP_AUTH_TOKEN is not set, and on 0\.0\.0\.0 .*MCP_JWT_ISSUER or MCP_SLACK_SIGNED/,
    ],
    [
      'a named key that is easy to guess',
      { MCP_AUTH_TOKEN: 'ci:read=topsecret' },
      '0.0.0.0',
      /^MCP_AUTH_TOKEN .*16 characters/,
    ],
    ['an unknown right', { MCP_AUTH_TOKEN: `ci:admin=${LONG}` }, '127.0.0.1', /^MCP_AUTH_TOKEN .*name:read=token/],
    [
      'a file that does not exist',
      { MCP_AUTH_TOKEN_FILE: '/nowhere/keys' },
      '127.0.0.1',
      /^MCP_AUTH_TOKEN_FILE cannot be read: ENOENT/,
    ],
    [
      'an issuer without https',
      { MCP_JWT_ISSUER: 'http://auth.example.com', MCP_JWT_AUDIENCE: 'a' },
      '127.0.0.1',
      /^MCP_JWT_ISSUER is not an https URL/,
    ],
    [
      'keys without https',
      { MCP_JWT_ISSUER: ISSUER, MCP_JWT_AUDIENCE: 'a', MCP_JWT_JWKS_URL: 'http://169.254.169.254/' },
      '127.0.0.1',
      /^MCP_JWT_JWKS_URL is not an https URL/,
    ],
    [
      'tokens for any audience',
      { MCP_JWT_ISSUER: ISSUER },
      '127.0.0.1',
      /^MCP_JWT_AUDIENCE is not set, nor is MCP_PUBLIC_URL/,
    ],
    [
      'an audience without issuer',
      { MCP_JWT_AUDIENCE: 'a' },
      '127.0.0.1',
      /^MCP_JWT_AUDIENCE has no effect without MCP_JWT_ISSUER/,
    ],
    ['a signature without secret', { MCP_SLACK_SIGNED: 'write' }, '127.0.0.1', /^SLACK_SIGNING_SECRET is not set/],
    [
      'teams without signature',
      { MCP_SLACK_TEAMS: 'T0123' },
      '127.0.0.1',
      /^MCP_SLACK_TEAMS has no effect without MCP_SLACK_SIGNED/,
    ],
    [
      'credentials in the public URL',
      { MCP_PUBLIC_URL: 'https://me:topsecret@mcp.example.com' },
      '127.0.0.1',
      /^MCP_PUBLIC_URL must contain only scheme, host and path/,
    ],
    [
      'the mount path of the metadata',
      { MCP_MOUNT_PATH: '/.well-known' },
      '127.0.0.1',
      /^MCP_MOUNT_PATH is the path of another endpoint/,
    ],
  ];

  test.each(refused)('rejects %s', (_name, env, host, why) => {
    expect(() => read(env, host)).toThrow(why);
    expect(() => read(env, host)).not.toThrow(/topsecret|fedcba9876543210/);
  });

  test('rejects a file without keys', () => {
    expect(() => read({ MCP_AUTH_TOKEN_FILE: fileOf('# none yet\n') })).toThrow('MCP_AUTH_TOKEN_FILE contains no key');
  });

  test('never shows the secret part of a named key', () => {
    expect(secretsIn({ MCP_AUTH_TOKEN: `${LONG},ci:read=${LONG}1` })).toEqual([LONG, `${LONG}1`]);
  });
});
