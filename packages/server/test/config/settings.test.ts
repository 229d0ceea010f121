import { isLoopback } from '@slack-mcp/core';
import { describe, expect, test } from 'vitest';
import { readMcpHttpSettings, readTransport } from '../../src/config/mcp-settings.ts';
import { readPublishKeys } from '../../src/config/queue-settings.ts';
import { secretsIn } from '../../src/config/secrets.ts';
import { readListenSettings, readLogSettings, readToolSettings } from '../../src/config/server-settings.ts';
import { createSettingsReader } from '../../src/config/settings-reader.ts';
import { readSigningSecrets, readSlackSettings } from '../../src/config/slack-settings.ts';
import { ENV_VARS } from '../../src/config/variables.ts';

// The command tests cover rejected values in a table; this file covers accepted ones.

describe('settings', () => {
  test('have defaults', () => {
    const reader = createSettingsReader({});
    expect(readListenSettings(reader)).toEqual({
      host: '127.0.0.1',
      port: 3000,
      trustProxy: false,
      metricsKeys: [],
    });
    expect(readLogSettings(reader)).toEqual({ level: 'info', format: 'json' });
    expect(readTransport(reader, 'both')).toBe('both');
    expect(readTransport(reader, 'stdio')).toBe('stdio');
    expect(readMcpHttpSettings(reader, 'both', 'localhost')).toEqual({
      transport: 'both',
      mcpSessions: 'stateful',
      mountPath: '/mcp',
      quotas: { callsPerMinute: 60 },
      allowedHosts: [],
      allowedOrigins: [],
    });
    expect(readToolSettings(reader)).toEqual({
      readOnly: false,
      toolsets: [],
      tools: [],
      excludeTools: [],
      readChannels: [],
      writeChannels: [],
      externalChannels: 'allow',
      output: 'text',
      allowBroadcast: false,
      uploadFolders: [],
      cacheFile: undefined,
      idempotencyFile: undefined,
    });
    expect(readSlackSettings(reader, { token: false })).toEqual({
      token: undefined,
      apiUrl: 'https://slack.com/api/',
      retries: 3,
    });
  });

  test('list the folders for uploads', () => {
    const reader = createSettingsReader({ SLACK_MCP_UPLOAD_FOLDERS: '/srv/reports, /srv/logs' });
    expect(readToolSettings(reader).uploadFolders).toEqual(['/srv/reports', '/srv/logs']);
  });

  test.each([
    ['reports', '"reports" is not an absolute path: name folders (for example SLACK_MCP_UPLOAD_FOLDERS=/srv/reports)'],
    ['/srv/reports,/', '"/" contains the whole file system: name folders'],
  ])('reject %s as folders for uploads', (folders, problem) => {
    const reader = createSettingsReader({ SLACK_MCP_UPLOAD_FOLDERS: folders });
    expect(() => readToolSettings(reader)).toThrow(`SLACK_MCP_UPLOAD_FOLDERS ${problem}`);
  });

  test.each(['SLACK_MCP_READONLY', 'SLACK_MCP_READ_ONYL', 'slack_mcp_read_only'])('are not ignored: %s', (given) => {
    expect(() => createSettingsReader({ [given]: 'true' })).toThrow(
      `SLACK_MCP_READ_ONLY is misspelt as ${given} (for example SLACK_MCP_READ_ONLY=true)`,
    );
  });

  test.each([
    { SLACK_MCP_READONLY: '' },
    { SLACK_MCP_XOXB_TOKEN: 'of another server' },
    { MCP_TIMEOUT: '1' },
    { SLACK_MCP_TOOLS: 'slack_get_reactions', SLACK_MCP_TOOLSETS: 'editing' },
  ])('of other programs are ignored: %j', (env) => {
    expect(() => createSettingsReader(env as Record<string, string>)).not.toThrow();
  });

  test('turn sessions off, which leaves no SSE transport', () => {
    const reader = createSettingsReader({ MCP_SESSIONS: 'Stateless' });
    expect(readMcpHttpSettings(reader, 'both', 'localhost').mcpSessions).toBe('stateless');
    expect(() => readMcpHttpSettings(reader, 'sse', 'localhost')).toThrow(/MCP_SESSIONS cannot be stateless/);
    const flag = createSettingsReader({}, { '--sessions': 'sometimes' });
    expect(() => readMcpHttpSettings(flag, 'both', 'localhost')).toThrow(/--sessions .*stateful.*stateless/);
  });

  test('read proxies from the usual variables, and use none for a loopback address', () => {
    const proxyOf = (env: Record<string, string>) =>
      readSlackSettings(createSettingsReader(env), { token: false }).proxy;
    const proxy = 'http://proxy.example.com:3128';
    expect(proxyOf({ HTTPS_PROXY: proxy, NO_PROXY: 'example.org' })).toEqual({
      httpsProxy: proxy,
      noProxy: 'example.org',
    });
    expect(proxyOf({ https_proxy: proxy, http_proxy: proxy })).toEqual({ httpsProxy: proxy, httpProxy: proxy });
    expect(proxyOf({ NO_PROXY: 'example.org' })).toBeUndefined();
    expect(proxyOf({ HTTP_PROXY: proxy, SLACK_API_URL: 'http://127.0.0.1:3000/api/' })).toBeUndefined();
    expect(() => proxyOf({ HTTPS_PROXY: 'user:secret@proxy' })).toThrow(/HTTPS_PROXY/);
    expect(() => proxyOf({ HTTPS_PROXY: 'user:secret@proxy' })).not.toThrow(/secret/);
  });

  test('read the workspace of the token of an organization, which several names may share', () => {
    const read = (env: Record<string, string>) => readSlackSettings(createSettingsReader(env), { token: true });
    expect(read({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_TEAM_ID: 'T0123456789' }).token).toEqual({
      bot: 'xoxb-1',
      teamId: 'T0123456789',
    });
    const shared = { SLACK_WORKSPACES: 'acme,beta', SLACK_BOT_TOKEN_ACME: 'xoxb-1', SLACK_BOT_TOKEN_BETA: 'xoxb-1' };
    const teams = { SLACK_TEAM_ID_ACME: 'T0000000A1', SLACK_TEAM_ID_BETA: 'T0000000B2' };
    expect(read({ ...shared, ...teams }).workspaces).toEqual({
      acme: { bot: 'xoxb-1', teamId: 'T0000000A1' },
      beta: { bot: 'xoxb-1', teamId: 'T0000000B2' },
    });
    expect(() => read({ ...shared, ...teams, SLACK_TEAM_ID_BETA: 'T0000000A1' })).toThrow(
      /the same token: acme and beta/,
    );
    expect(() => read({ ...shared, ...teams, SLACK_TEAM_ID: 'T0000000A1' })).toThrow(
      /^SLACK_TEAM_ID cannot be set together with SLACK_WORKSPACES/,
    );
    for (const wrong of ['E0123456789', 'acme', 't0123456789', 'T1'])
      expect(() => read({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_TEAM_ID: wrong })).toThrow(
        /^SLACK_TEAM_ID is not the id of a workspace \(for example T0123456789\)/,
      );
  });

  test('give each of several workspaces its own bot token, user token or both', () => {
    const read = (env: Record<string, string>) => readSlackSettings(createSettingsReader(env), { token: true });
    const env = {
      SLACK_WORKSPACES: 'Acme, big-corp',
      SLACK_BOT_TOKEN_ACME: 'xoxb-1',
      SLACK_USER_TOKEN_ACME: 'xoxp-1',
      SLACK_USER_TOKEN_BIG_CORP: ' xoxp-2 ',
    };
    expect(read(env)).toMatchObject({
      token: undefined,
      workspaces: { acme: { bot: 'xoxb-1', user: 'xoxp-1' }, 'big-corp': { user: 'xoxp-2' } },
    });
    for (const [change, problem] of [
      [{ SLACK_BOT_TOKEN: 'xoxb-3' }, /^SLACK_BOT_TOKEN cannot be set together with SLACK_WORKSPACES/],
      [
        { SLACK_WORKSPACES: 'acme,gamma' },
        /^SLACK_BOT_TOKEN_GAMMA is not set, but SLACK_WORKSPACES contains its workspace/,
      ],
      [{ SLACK_WORKSPACES: 'acme,b/c' }, /^SLACK_WORKSPACES contains an invalid name/],
      [{ SLACK_WORKSPACES: 'acme,__proto__' }, /^SLACK_WORKSPACES contains an invalid name/],
      [{ SLACK_USER_TOKEN_BIG_CORP: 'xapp-1' }, /^SLACK_USER_TOKEN_BIG_CORP is an app-level token/],
      [
        { SLACK_BOT_TOKEN_BIG_CORP: 'xoxb-1' },
        /^SLACK_WORKSPACES names two workspaces with the same token: acme and big-corp/,
      ],
      [
        { SLACK_USER_TOKEN_BIG_CORP: 'xoxp-1' },
        /^SLACK_WORKSPACES names two workspaces with the same token: acme and big-corp/,
      ],
    ] as const) {
      expect(() => read({ ...env, ...change })).toThrow(problem);
    }
    expect(secretsIn(env)).toEqual(['xoxb-1', 'xoxp-1', 'xoxp-2']);
  });

  test('prefer the flag to the variable, and name the one with the error', () => {
    const env = { PORT: '1', MCP_TRANSPORT: 'SSE', LOG_LEVEL: 'Debug' };
    expect(readListenSettings(createSettingsReader(env, { '--port': '2' })).port).toBe(2);
    expect(readListenSettings(createSettingsReader(env, { '--port': undefined })).port).toBe(1);
    expect(readTransport(createSettingsReader(env, { '--transport': 'Both' }), 'stdio')).toBe('both');
    expect(readTransport(createSettingsReader(env), 'stdio')).toBe('sse');
    expect(readLogSettings(createSettingsReader(env)).level).toBe('debug');
    expect(() => readListenSettings(createSettingsReader(env, { '--port': 'x' }))).toThrow(/^--port is/);
    expect(() => readListenSettings(createSettingsReader({ PORT: 'x' }))).toThrow(/^PORT is/);
  });

  test.each(['0.0.0.0', '::1', '::', 'localhost', 'my-host', 'a.example.com', '10.1.2.3'])(
    'accept the host %s',
    (HOST) => {
      expect(readListenSettings(createSettingsReader({ HOST })).host).toBe(HOST);
    },
  );

  test.each(['/', '/mcp', '/a/b', '/v1.0/mcp_x', '/slackish'])('accept the mount path %s', (MCP_MOUNT_PATH) => {
    expect(readMcpHttpSettings(createSettingsReader({ MCP_MOUNT_PATH }), 'both', '::1').mountPath).toBe(MCP_MOUNT_PATH);
  });

  test.each(['xoxb-1-a', 'xoxp-1-a', 'xoxe.xoxb-1-a', 'xoxe.xoxp-1-a'])('accept the token %s', (token) => {
    const reader = createSettingsReader({ SLACK_BOT_TOKEN: ` ${token} ` });
    expect(readSlackSettings(reader, { token: true }).token).toEqual({ bot: token });
  });

  test('accept a bot token and a user token together', () => {
    const both = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_USER_TOKEN: 'xoxp-1' };
    expect(readSlackSettings(createSettingsReader(both), { token: true }).token).toEqual({
      bot: 'xoxb-1',
      user: 'xoxp-1',
    });
    const alone = createSettingsReader({ SLACK_USER_TOKEN: 'xoxp-1' });
    expect(readSlackSettings(alone, { token: true }).token).toEqual({ user: 'xoxp-1' });
  });

  test.each([
    ['https://slack.com/api', 'https://slack.com/api/'],
    ['https://slack-gov.com/api/', 'https://slack-gov.com/api/'],
    ['http://127.0.0.1:8080/api', 'http://127.0.0.1:8080/api/'],
    ['http://localhost:8080/api/', 'http://localhost:8080/api/'],
    ['http://[::1]:8080/api/', 'http://[::1]:8080/api/'],
  ])('accept the API at %s', (given, expected) => {
    expect(readSlackSettings(createSettingsReader({ SLACK_API_URL: given }), { token: false }).apiUrl).toBe(expected);
  });

  test('accept several signing secrets and bearer tokens', () => {
    const [current, former] = ['0123456789abcdef', 'fedcba9876543210'];
    const several = `${current}, ${former},`;
    const reader = createSettingsReader({ SLACK_SIGNING_SECRET: several, MCP_AUTH_TOKEN: several });
    expect(readSigningSecrets(reader)).toEqual([current, former]);
    expect(readMcpHttpSettings(reader, 'sse', '0.0.0.0').auth).toEqual({ keys: [current, former] });
    const short = createSettingsReader({ MCP_AUTH_TOKEN: 'a,b' });
    expect(readMcpHttpSettings(short, 'sse', '127.0.0.1').auth).toEqual({ keys: ['a', 'b'] });
  });

  test.each(['https://app.example.com', 'http://localhost:8080', 'http://[::1]:3000', 'vscode-webview://abc', '*'])(
    'accept the origin %s',
    (MCP_ALLOWED_ORIGINS) => {
      const reader = createSettingsReader({ MCP_ALLOWED_ORIGINS });
      expect(readMcpHttpSettings(reader, 'sse', '127.0.0.1').allowedOrigins).toEqual([MCP_ALLOWED_ORIGINS]);
    },
  );

  test('accept keys that contain the topic', () => {
    expect(readPublishKeys({}).topic).toBe('slack_events');
    expect(readPublishKeys({ QUEUE_KEYS: 'a,b', SLACK_EVENTS_TOPIC: 'b' })).toMatchObject({
      keys: ['a', 'b'],
      topic: 'b',
    });
    expect(() => readPublishKeys({ QUEUE_KEYS: 'a' })).toThrow(/QUEUE_KEYS lacks slack_events/);
  });

  test('describe every variable once, and show no default of a secret', () => {
    const names = ENV_VARS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const variable of ENV_VARS) {
      expect(variable.description).toMatch(/\.$/);
      if (variable.secret) expect(variable.default).toBeUndefined();
    }
  });

  test.each([
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['localhost', true],
    ['::1', true],
    ['[::1]', true],
    ['0.0.0.0', false],
    ['127.evil.example', false],
    ['::', false],
    ['10.0.0.1', false],
    ['localhost.example', false],
  ])('isLoopback(%s) is %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
