import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSimulator, type SimulatorOptions } from '@slack-mcp/simulator';
import { createSlackEgress } from '@slack-mcp/slack';
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkProxy, checkReachability } from '../../src/cli/doctor/check-network.ts';
import { checkNode } from '../../src/cli/doctor/check-node.ts';
import { checkUrl } from '../../src/cli/doctor/check-url.ts';
import { diagnose } from '../../src/cli/doctor/diagnose.ts';
import type { Finding } from '../../src/cli/doctor/finding.ts';
import { createSettingsReader } from '../../src/config/settings-reader.ts';
import { runCommand } from '../support/commands.ts';
import { memoryBackend, startIngress } from '../support/ingress-server.ts';
import { SECRET } from '../support/signed.ts';

const TOKEN = 'xoxb-0123456789-secret-of-the-doctor';
const APP_TOKEN = 'xapp-0123456789-secret-of-the-doctor';
const SIGNING_SECRET = '0123456789abcdef0123456789abcdef';

async function simulate(options: Partial<SimulatorOptions> = {}): Promise<string> {
  const simulator = await createSimulator({
    signingSecret: SIGNING_SECRET,
    botToken: TOKEN,
    appToken: APP_TOKEN,
    socketMode: true,
    ...options,
  });
  onTestFinished(() => simulator.close());
  return simulator.url;
}

/** The findings with these variables, by what was checked. */
async function examine(env: Record<string, string>): Promise<Record<string, Finding>> {
  const found: Record<string, Finding> = {};
  const options = { node: process.version, now: Date.now };
  for await (const finding of diagnose(createSettingsReader(env), options)) found[finding.check] = finding;
  return found;
}

async function serveHttp(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('slack-mcp doctor', () => {
  test('ends with 0 if nothing fails, and prints no secret', async () => {
    const env = {
      SLACK_API_URL: await simulate(),
      SLACK_BOT_TOKEN: TOKEN,
      SLACK_APP_TOKEN: APP_TOKEN,
      SLACK_SIGNING_SECRET: SIGNING_SECRET,
    };
    const { code, stdout, stderr } = await runCommand('slack-mcp', { args: ['doctor'], env });
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(stdout).toMatch(/^ok +Node +v\d+/m);
    expect(stdout).toMatch(/^ok +bot token +Slack accepts it/m);
    expect(stdout).toMatch(/^ok +bot scopes +enough for \d+ tools/m);
    expect(stdout).toMatch(/^ok +app token /m);
    expect(stdout).toMatch(/^ok +signing secret +one secret/m);
    expect(stdout).toMatch(/^warning +queue +memory/m);
    for (const secret of [TOKEN, APP_TOKEN, SIGNING_SECRET]) expect(stdout).not.toContain(secret);
  });

  test('counts the toolset ops if the operations API has a key', async () => {
    const unreachable = { SLACK_API_URL: 'http://127.0.0.1:1/api/', SLACK_BOT_TOKEN: TOKEN };
    const ops = { SLACK_MCP_TOOLSETS: 'ops', SLACK_MCP_OPS_KEY: 'a-key-of-the-operations-api' };
    const counted = async (env: object) =>
      Number.parseInt((await examine({ ...unreachable, ...env }))['tools']?.message ?? '', 10);
    expect(await counted(ops)).toBe((await counted({})) + 2);
  });

  test('ends with 1 and says what to do if Slack refuses the token', async () => {
    const env = { SLACK_API_URL: await simulate({ botToken: 'xoxb-another' }), SLACK_BOT_TOKEN: TOKEN };
    const { code, stdout, stderr } = await runCommand('slack-mcp', { args: ['doctor', '--json'], env });
    expect([code, stderr]).toEqual([1, 'slack-mcp: 1 of the checks failed']);
    const findings = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Finding);
    expect(findings.filter(({ verdict }) => verdict === 'failure')).toEqual([
      {
        check: 'bot token',
        verdict: 'failure',
        message: 'Slack refused auth.test: invalid_auth.',
        advice: expect.stringContaining('Install the app again in Slack and set SLACK_BOT_TOKEN'),
      },
    ]);
    expect(stdout).not.toContain(TOKEN);
  });

  test('refuses a URL that is not one', async () => {
    const { code, stderr } = await runCommand('slack-mcp', { args: ['doctor', '--url', 'here'] });
    expect([code, stderr]).toEqual([2, expect.stringContaining('--url must be')]);
  });
});

describe('the findings', () => {
  test('name the tools whose scopes the token lacks', async () => {
    const env = { SLACK_API_URL: await simulate({ scopes: ['chat:write', 'users:read'] }), SLACK_BOT_TOKEN: TOKEN };
    const { 'bot scopes': scopes } = await examine(env);
    expect(scopes?.verdict).toBe('warning');
    expect(scopes?.message).toContain('slack_read_emojis needs emoji:read');
    expect(scopes?.message).not.toContain('slack_post_message');
    expect(scopes?.advice).toContain('oauth_config.scopes.bot');
  });

  test('name every scope with which a user token can search, and accept one of them', async () => {
    const userToken = 'xoxp-0123456789-secret-of-the-doctor';
    const scopesWith = async (...scopes: string[]) => {
      const SLACK_API_URL = await simulate({ userToken, userScopes: ['users:read', ...scopes] });
      return (await examine({ SLACK_API_URL, SLACK_USER_TOKEN: userToken }))['user scopes'];
    };
    const without = await scopesWith();
    expect(without?.message).toContain(
      'slack_search_messages needs search:read or search:read.public or search:read.private or search:read.im or search:read.mpim',
    );
    expect(without?.message).toContain('slack_search_files needs search:read or search:read.files');
    expect(without?.advice).toContain('oauth_config.scopes.user');
    const granular = await scopesWith('search:read.public');
    expect(granular?.message).not.toContain('slack_search_messages');
    expect(granular?.message).toContain('slack_search_files needs');
    expect((await scopesWith('search:read'))?.message).not.toContain('slack_search');
  });

  test('check the scopes of a user token in SLACK_BOT_TOKEN', async () => {
    const userToken = 'xoxp-0123456789-secret-of-the-doctor';
    const SLACK_API_URL = await simulate({ userToken, userScopes: ['users:read'] });
    const found = await examine({ SLACK_API_URL, SLACK_BOT_TOKEN: userToken });
    expect(found['user token']).toMatchObject({ verdict: 'ok' });
    expect(found['user scopes']?.message).toContain('slack_post_message needs chat:write');
    expect(found).not.toHaveProperty('bot token');
  });

  test('say how to begin without any token', async () => {
    const { tokens } = await examine({ SLACK_API_URL: await simulate() });
    expect(tokens).toMatchObject({ verdict: 'failure', advice: expect.stringContaining('slack-mcp manifest') });
  });

  test.each([
    ['settings', { SLACK_BOT_TOKEN: 'nonsense' }, 'SLACK_BOT_TOKEN'],
    ['tools', { SLACK_MCP_TOOLSETS: 'pins' }, 'SLACK_MCP_TOOLSETS'],
    ['tools', { SLACK_MCP_TOOLSETS: 'ops' }, 'SLACK_MCP_OPS_KEY'],
    ['tools', { SLACK_MCP_READ_CHANNELS: '!"x"' }, 'SLACK_MCP_READ_CHANNELS'],
    ['authorization', { HOST: '0.0.0.0' }, 'MCP_AUTH_TOKEN'],
    ['signing secret', { SLACK_SIGNING_SECRET: 'xoxb-1234567890' }, 'contains a token'],
    ['app token', { SLACK_APP_TOKEN: 'xoxb-1234567890' }, 'SLACK_APP_TOKEN'],
    ['queue', { QUEUE_BACKEND: 'postgres' }, 'postgres'],
  ])('contain an error of the %s, and go on: %j', async (check, env, message) => {
    const found = await examine({ SLACK_API_URL: 'http://127.0.0.1:1/api/', ...env });
    expect(found[check]).toMatchObject({ verdict: 'failure', message: expect.stringContaining(message) });
    expect(Object.keys(found).length).toBeGreaterThan(4);
  });

  test('say that the app token or the form of a secret is wrong', async () => {
    const found = await examine({
      SLACK_API_URL: await simulate({ appToken: 'xapp-another' }),
      SLACK_BOT_TOKEN: TOKEN,
      SLACK_APP_TOKEN: APP_TOKEN,
      SLACK_SIGNING_SECRET: 'a-client-secret-instead',
    });
    expect(found['app token']).toMatchObject({
      verdict: 'failure',
      advice: expect.stringContaining('connections:write'),
    });
    expect(found['signing secret']).toMatchObject({
      verdict: 'warning',
      advice: expect.stringContaining('Basic Information'),
    });
  });
});

test('Socket Mode that is off is a setting of the app, not of its token', async () => {
  const env = {
    SLACK_API_URL: await simulate({ socketMode: false }),
    SLACK_BOT_TOKEN: TOKEN,
    SLACK_APP_TOKEN: APP_TOKEN,
  };
  expect((await examine(env))['app token']?.advice).toContain('Turn on Socket Mode');
});

describe('a check', () => {
  test.each([
    ['v22.17.1', 'failure'],
    ['v22.18.0', 'ok'],
    ['v24.0.0', 'ok'],
    ['v20.20.2', 'failure'],
  ])('of Node %s: %s', (version, verdict) => {
    expect(checkNode(version).verdict).toBe(verdict);
  });

  test('of the proxy hides its password', () => {
    const { message } = checkProxy({ httpsProxy: 'http://me:hunter22@proxy.example.com:3128', noProxy: '.corp' });
    expect(message).toBe('HTTPS_PROXY http://proxy.example.com:3128, NO_PROXY .corp');
  });

  test.each([
    [0, 'ok', '0 s'],
    [45_000, 'warning', '45 s ahead'],
    [-45_000, 'warning', '45 s behind'],
    [300_000, 'failure', '300 s ahead'],
  ])('of a clock that differs by %d ms: %s', async (difference, verdict, message) => {
    const at = Date.UTC(2026, 0, 1);
    const url = await serveHttp((_request, response) => {
      response.setHeader('date', new Date(at).toUTCString()).end('{"ok":true}');
    });
    const [, clock] = await checkReachability(createSlackEgress({ apiUrl: `${url}/api/` }), () => at + difference);
    expect(clock).toMatchObject({ check: 'clock', verdict, message: expect.stringContaining(message) });
  });

  test('of the network distinguishes a proxy page from Slack, and names the failed step', async () => {
    const url = await serveHttp((_request, response) => response.end('<html>Log in</html>'));
    const [page] = await checkReachability(createSlackEgress({ apiUrl: `${url}/api/` }), Date.now);
    expect(page).toMatchObject({ verdict: 'failure', message: expect.stringContaining('not from Slack') });
    const [refused] = await checkReachability(createSlackEgress({ apiUrl: 'http://127.0.0.1:1/api/' }), Date.now);
    expect(refused).toMatchObject({ verdict: 'failure', message: expect.stringContaining('ECONNREFUSED') });
  });

  test('of the request URL sends a signed challenge', async () => {
    const { url } = await startIngress(memoryBackend());
    const check = (secret: string, base = url) => checkUrl(new URL(base), { secrets: [secret], proxy: undefined });
    expect(await check(SECRET)).toMatchObject({ verdict: 'ok' });
    expect(await check('another-signing-secret')).toMatchObject({
      verdict: 'failure',
      advice: expect.stringContaining('the same SLACK_SIGNING_SECRET'),
    });
    expect(await check(SECRET, `${url}/elsewhere`)).toMatchObject({ message: expect.stringContaining('status 404') });
    expect(await check(SECRET, 'http://127.0.0.1:1')).toMatchObject({
      message: expect.stringContaining('cannot be reached'),
    });
  });
});
