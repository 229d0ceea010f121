import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type CommandName,
  type CommandOptions,
  type Ended,
  hostedCommands,
  runCommand,
  temporaryFolder,
} from '../support/commands.ts';

const TOKEN = 'xoxb-1234567890-topsecret';
const SIGNING_SECRET = 'signing-topsecret-0123456789';
const LONG_SECRET = `topsecret-${'0123456789'.repeat(10)}`;
const GOOD = { SLACK_BOT_TOKEN: TOKEN, SLACK_SIGNING_SECRET: SIGNING_SECRET, QUEUE_BACKEND: 'memory', PORT: '0' };

/** Hides the optional package, as if it were not installed. */
const WITHOUT_SOCKET_MODE = `--import=data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier !== '@slack/socket-mode') return next(specifier, context);
      throw Object.assign(new Error('not found'), { code: 'ERR_MODULE_NOT_FOUND' });
    },
  });
`)}`;

type Row = [CommandName, string, { args?: string[]; env?: Record<string, string>; bare?: boolean }, RegExp];

/** Incorrect usage: one matching line on standard error, exit code 2, no secret, no output. */
const TABLE: Row[] = [
  ['slack-mcp-server', 'no token', { bare: true }, /SLACK_BOT_TOKEN is not set.*SLACK_BOT_TOKEN=xoxb-/],
  ['slack-integrated-server', 'no token', { env: { SLACK_BOT_TOKEN: '' } }, /SLACK_BOT_TOKEN is not set/],
  [
    'slack-integrated-server',
    'an unknown token',
    { env: { SLACK_BOT_TOKEN: 'xoxq-topsecret' } },
    /SLACK_BOT_TOKEN is not a Slack token.*xoxb-/,
  ],
  [
    'slack-mcp-server',
    'an app token as bot token',
    { env: { SLACK_BOT_TOKEN: 'xapp-1-topsecret' } },
    /SLACK_BOT_TOKEN is an app-level token/,
  ],
  [
    'slack-mcp-server',
    'a refresh token',
    { env: { SLACK_BOT_TOKEN: 'xoxe-1-topsecret' } },
    /SLACK_BOT_TOKEN is a refresh token/,
  ],
  ...[
    'xoxb-your-token',
    'xoxb-YOUR-BOT-TOKEN',
    'xoxb-your-bot-token-here',
    'xoxb-xxxx-xxxx',
    '<your token>',
    ['$', '{input:slack-token}'].join(''),
  ].map(
    (token): Row => [
      'slack-mcp-server',
      `the placeholder ${token}`,
      { env: { SLACK_BOT_TOKEN: token } },
      /SLACK_BOT_TOKEN contains the placeholder of an example/,
    ],
  ),
  ...[
    '$(openssl rand -hex 32)',
    'ci:read=$(openssl rand -hex 32)',
    ['$', '{MCP_TOKEN}'].join(''),
    'your-token',
    '`uuidgen`',
  ].map(
    (key): Row => [
      'slack-integrated-server',
      `the placeholder ${key}`,
      { env: { MCP_AUTH_TOKEN: key } },
      /MCP_AUTH_TOKEN contains a placeholder.*openssl rand -hex 32/,
    ],
  ),
  [
    'slack-webhook-server',
    'a placeholder as secret',
    { env: { SLACK_SIGNING_SECRET: 'your-signing-secret' } },
    /SLACK_SIGNING_SECRET contains a placeholder/,
  ],
  [
    'slack-mcp-server',
    'a file of names in a folder that another user owns',
    { env: { SLACK_MCP_CACHE_FILE: 'names.json' } },
    /SLACK_MCP_CACHE_FILE is relative.*SLACK_MCP_CACHE_FILE=\/var/,
  ],
  [
    'slack-mcp-server',
    'a file of keys in a folder that another user owns',
    { env: { SLACK_MCP_IDEMPOTENCY_FILE: './keys.jsonl' } },
    /SLACK_MCP_IDEMPOTENCY_FILE is relative/,
  ],
  [
    'slack-mcp-server',
    'a bot token as user token',
    { env: { SLACK_USER_TOKEN: TOKEN } },
    /SLACK_USER_TOKEN is not a Slack token.*xoxp-/,
  ],
  [
    'slack-mcp-server',
    'a bot token as app token',
    { env: { SLACK_APP_TOKEN: TOKEN } },
    /SLACK_APP_TOKEN is not a Slack token.*xapp-/,
  ],
  [
    'slack-integrated-server',
    'no secret',
    { env: { SLACK_SIGNING_SECRET: '' } },
    /SLACK_SIGNING_SECRET is not set.*SLACK_SIGNING_SECRET=/,
  ],
  ['slack-webhook-server', 'no secret', { env: { SLACK_SIGNING_SECRET: ' , ' } }, /SLACK_SIGNING_SECRET is not set/],
  [
    'slack-webhook-server',
    'a token as secret',
    { env: { SLACK_SIGNING_SECRET: TOKEN } },
    /SLACK_SIGNING_SECRET contains a token/,
  ],
  [
    'slack-webhook-server',
    'an app without its secret',
    { env: { SLACK_SIGNING_SECRET: 'A0123=' } },
    /SLACK_SIGNING_SECRET names an app without its secret/,
  ],
  [
    'slack-webhook-server',
    'a token as the secret of an app',
    { env: { SLACK_SIGNING_SECRET: `A0123=${TOKEN}` } },
    /SLACK_SIGNING_SECRET contains a token/,
  ],
  ['slack-webhook-server', 'no app token', { args: ['--socket-mode'] }, /SLACK_APP_TOKEN is not set.*=xapp-/],
  [
    'slack-integrated-server',
    'Socket Mode without its package',
    { args: ['--socket-mode'], env: { SLACK_APP_TOKEN: 'xapp-topsecret', NODE_OPTIONS: WITHOUT_SOCKET_MODE } },
    /npm install @slack\/socket-mode undici/,
  ],
  ['slack-integrated-server', 'an invalid port', { args: ['--port', 'abc'] }, /--port .*--port=3000/],
  [
    'slack-integrated-server',
    'a port that is too high',
    { env: { PORT: '65536' } },
    /^[^-]*-[^-]*-server: PORT .*PORT=3000/,
  ],
  ['slack-mcp-server', 'an invalid port', { args: ['--transport', 'both', '--port=-1'] }, /--port /],
  ['slack-webhook-server', 'an invalid port', { args: ['--port', '80.5'] }, /--port /],
  ['slack-integrated-server', 'an invalid host', { args: ['--host', 'not a host'] }, /--host .*--host=127\.0\.0\.1/],
  ['slack-integrated-server', 'an impossible host', { env: { HOST: '999.1.1.1' } }, /HOST /],
  [
    'slack-integrated-server',
    'an unknown transport',
    { args: ['--transport', 'smoke'] },
    /--transport .*streamable-http/,
  ],
  ['slack-integrated-server', 'stdio', { args: ['--transport', 'stdio'] }, /--transport /],
  ['slack-mcp-server', 'an unknown transport', { env: { MCP_TRANSPORT: 'smoke' } }, /MCP_TRANSPORT .*stdio/],
  [
    'slack-integrated-server',
    'a mount path without slash',
    { args: ['--mount-path', 'mcp'] },
    /--mount-path .*--mount-path=\/mcp/,
  ],
  ['slack-integrated-server', 'a mount path with a query', { env: { MCP_MOUNT_PATH: '/mcp?x' } }, /MCP_MOUNT_PATH /],
  ['slack-integrated-server', 'a mount path with dots', { args: ['--mount-path', '/../mcp'] }, /--mount-path /],
  [
    'slack-integrated-server',
    'a mount path in use',
    { args: ['--mount-path', '/health'] },
    /--mount-path is the path of another endpoint/,
  ],
  ['slack-integrated-server', 'an unknown level', { args: ['--log-level', 'loud'] }, /--log-level .*debug/],
  ['slack-webhook-server', 'an unknown format', { env: { LOG_FORMAT: 'xml' } }, /LOG_FORMAT .*json, text/],
  ['slack-mcp-server', 'an invalid number of retries', { args: ['--retry', 'often'] }, /--retry .*--retry=3/],
  ['slack-webhook-server', 'an invalid duration', { env: { SHUTDOWN_TIMEOUT_MS: 'soon' } }, /SHUTDOWN_TIMEOUT_MS /],
  [
    'slack-webhook-server',
    'a delay above the time to close',
    { env: { SHUTDOWN_DELAY_MS: '20000' } },
    /SHUTDOWN_DELAY_MS is longer than SHUTDOWN_TIMEOUT_MS, which is 10000/,
  ],
  [
    'slack-webhook-server',
    'a proxy that is not an address',
    { env: { TRUST_PROXY: '10.0.0.1,proxy.internal' } },
    /TRUST_PROXY is not valid at "proxy.internal": .*TRUST_PROXY=1/,
  ],
  ['slack-webhook-server', 'a range that is too long', { env: { TRUST_PROXY: '10.0.0.0/33' } }, /TRUST_PROXY .*10/],
  ['slack-webhook-server', 'a port as a number of proxies', { env: { TRUST_PROXY: '8080' } }, /TRUST_PROXY .*"8080"/],
  [
    'slack-webhook-server',
    'a spool for a few bytes',
    { env: { SLACK_MCP_SPOOL_MAX_BYTES: '10' } },
    /SLACK_MCP_SPOOL_MAX_BYTES .*1048576/,
  ],
  [
    'slack-webhook-server',
    'a spool that cannot be created',
    { env: { SLACK_MCP_SPOOL_DIR: '/dev/null/spool' } },
    /SLACK_MCP_SPOOL_DIR: \/dev\/null\/spool must be readable and writable: ENOTDIR/,
  ],
  [
    'slack-webhook-server',
    'a spool in /proc',
    { env: { SLACK_MCP_SPOOL_DIR: '/proc/spool/of/events' } },
    /SLACK_MCP_SPOOL_DIR: .*(ENOENT|EACCES)/,
  ],
  ['slack-mcp-server', 'an invalid boolean', { env: { SLACK_MCP_READ_ONLY: 'perhaps' } }, /SLACK_MCP_READ_ONLY /],
  [
    'slack-mcp-server',
    'an unknown toolset',
    { env: { SLACK_MCP_TOOLSETS: 'everything' } },
    /SLACK_MCP_TOOLSETS.*everything.*SLACK_MCP_TOOLSETS=all/,
  ],
  [
    'slack-integrated-server',
    'an unknown toolset',
    { env: { SLACK_MCP_TOOLSETS: 'everything' } },
    /SLACK_MCP_TOOLSETS.*everything/,
  ],
  [
    'slack-integrated-server',
    'a variable of the backend',
    { env: { QUEUE_BACKEND: '', MEMORY_MAX_LENGTH: 'many' } },
    /MEMORY_MAX_LENGTH is not an integer.*MEMORY_MAX_LENGTH=1000/,
  ],
  [
    'slack-mcp-server',
    'Slack over plain http',
    { env: { SLACK_API_URL: 'http://slack.example.com/api/' } },
    /SLACK_API_URL .*unencrypted/,
  ],
  [
    'slack-mcp-server',
    'credentials in the URL',
    { env: { SLACK_API_URL: 'https://me:topsecret@slack.com/api/' } },
    /SLACK_API_URL /,
  ],
  [
    'slack-mcp-server',
    'no URL',
    { env: { SLACK_API_URL: 'slack.com' } },
    /SLACK_API_URL .*https:\/\/slack\.com\/api\//,
  ],
  [
    'slack-integrated-server',
    'a network without authorization',
    { args: ['--host', '0.0.0.0'] },
    /MCP_AUTH_TOKEN .*0\.0\.0\.0/,
  ],
  [
    'slack-mcp-server',
    'a network without authorization',
    { args: ['--transport=sse', '--host=::'] },
    /MCP_AUTH_TOKEN /,
  ],
  [
    'slack-integrated-server',
    'keys without the topic',
    { env: { QUEUE_KEYS: 'other' } },
    /QUEUE_KEYS lacks slack_events/,
  ],
  [
    'slack-webhook-server',
    'a topic that is not a valid key',
    { env: { SLACK_EVENTS_TOPIC: 'a b' } },
    /SLACK_EVENTS_TOPIC/,
  ],
  ['slack-webhook-server', 'an unknown routing', { env: { SLACK_EVENTS_ROUTING: 'random' } }, /SLACK_EVENTS_ROUTING/],
  ['slack-integrated-server', 'a backend that is a path', { env: { QUEUE_BACKEND: '../../evil' } }, /QUEUE_BACKEND /],
  ['slack-integrated-server', 'a backend that is a module', { env: { QUEUE_BACKEND: 'node:fs' } }, /QUEUE_BACKEND /],
  [
    'slack-integrated-server',
    'a backend named like a prototype',
    { env: { QUEUE_BACKEND: '__proto__' } },
    /QUEUE_BACKEND /,
  ],
  ['slack-integrated-server', 'a backend of 10 kB', { env: { QUEUE_BACKEND: 'a'.repeat(10_240) } }, /QUEUE_BACKEND /],
  [
    'slack-webhook-server',
    'a backend that does not exist',
    { env: { QUEUE_BACKEND: 'reddis' } },
    /reddis.*did you mean redis.*install @slack-mcp\/backend-redis/,
  ],
  [
    'slack-integrated-server',
    'a worker that does not exist',
    { args: ['--worker', './none.ts'] },
    /--worker \.\/none\.ts: does not exist/,
  ],
  ['slack-integrated-server', 'an unknown flag', { args: ['--prot', '1'] }, /--prot.*--port/],
  ['slack-integrated-server', 'a flag without value', { args: ['--port'] }, /--port/],
  ['slack-integrated-server', 'an empty port', { args: ['--port', ''] }, /--port is empty.*--port=3000/],
  ['slack-integrated-server', 'a port with a space', { args: ['--port', ' 3000'] }, /--port .*space.*--port=3000/],
  ['slack-integrated-server', 'an empty transport', { args: ['--transport', ''] }, /--transport is empty/],
  ['slack-integrated-server', 'an empty host', { args: ['--host='] }, /--host is empty/],
  ['slack-mcp-server', 'a port for stdio', { args: ['--port', '8080'] }, /--port .*stdio.*--transport/],
  ['slack-mcp-server', 'a host for stdio', { args: ['--host', '0.0.0.0', '--transport=stdio'] }, /--host .*stdio/],
  ['slack-mcp-server', 'a path for stdio', { args: ['--mount-path', '/mcp'] }, /--mount-path .*stdio/],
  [
    'slack-integrated-server',
    'an invalid origin',
    { env: { MCP_ALLOWED_ORIGINS: 'https://a.example.com,foo' } },
    /MCP_ALLOWED_ORIGINS .*MCP_ALLOWED_ORIGINS=https:\/\/app\.example\.com/,
  ],
  [
    'slack-integrated-server',
    'an origin with a path',
    { env: { MCP_ALLOWED_ORIGINS: 'https://a.example.com/' } },
    /MCP_ALLOWED_ORIGINS /,
  ],
  [
    'slack-integrated-server',
    'a short bearer token for a network',
    { args: ['--host', '0.0.0.0'], env: { MCP_AUTH_TOKEN: '0123456789012345,topsecret' } },
    /MCP_AUTH_TOKEN .*16 characters/,
  ],
  [
    'slack-webhook-server',
    'a short signing secret',
    { env: { SLACK_SIGNING_SECRET: `${SIGNING_SECRET},A0123=topsecret` } },
    /SLACK_SIGNING_SECRET .*16 characters/,
  ],
  ['slack-integrated-server', 'an argument', { args: ['start'] }, /argument/],
  ['slack-integrated-server', 'a token as argument', { args: [TOKEN] }, /argument/],
  ['slack-integrated-server', 'a secret as argument', { args: ['topsecret'] }, /argument/],
  ['slack-integrated-server', 'a token as flag', { args: [`--token=${TOKEN}`] }, /--token/],
  ['slack-integrated-server', 'a secret as flag', { args: ['--secret=topsecret'] }, /--secret/],
  ['slack-mcp', 'a token as command', { args: [TOKEN] }, /command/],
  ['slack-integrated-server', 'a token as port', { env: { PORT: TOKEN } }, /PORT is not/],
  ['slack-integrated-server', 'a secret as port', { env: { PORT: SIGNING_SECRET } }, /PORT is not/],
  ['slack-integrated-server', 'a secret as flag of a port', { args: ['--port', SIGNING_SECRET] }, /--port is not/],
  [
    'slack-mcp-server',
    'a long secret as level',
    { env: { MCP_AUTH_TOKEN: LONG_SECRET, LOG_LEVEL: LONG_SECRET } },
    /LOG_LEVEL is not/,
  ],
  ['slack-mcp', 'an unknown command', { args: ['webhok'] }, /webhok.*webhook/],
  ['slack-mcp', 'a bad port below a command', { args: ['integrated', '--port', 'abc'] }, /--port /],
];

/** Rows that need a process: the first of each command, and those with options of Node. */
const alone = TABLE.filter(
  (row, index) => row[2].env?.['NODE_OPTIONS'] !== undefined || TABLE.findIndex(([name]) => name === row[0]) === index,
);
const together = TABLE.filter((row) => !alone.includes(row));

const runHosted = hostedCommands();

function optionsOf([, , { args = [], env = {}, bare }]: Row): CommandOptions {
  return { args, env: bare ? env : { ...GOOD, ...env } };
}

function expectRefusal({ code, stdout, stderr }: Omit<Ended, 'signal'>, expected: RegExp): void {
  expect(stderr).toMatch(expected);
  expect(stderr.split('\n')).toHaveLength(1);
  expect(stderr.length).toBeLessThan(600);
  expect(stderr).not.toMatch(/topsecret/);
  expect(stdout).toBe('');
  expect(code).toBe(2);
}

describe('incorrect usage', () => {
  test.for(alone)('%s: %s, in its own process', async (row) => {
    expectRefusal(await runCommand(row[0], optionsOf(row)), row[3]);
  });

  test.for(together)('%s: %s', async (row) => {
    expectRefusal(await runHosted(row[0], optionsOf(row)), row[3]);
  });

  test('rejects an unreadable environment file', async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, '.env'));
    for (const args of [[], ['--dotenv', '.env']]) {
      const { code, stderr } = await runHosted('slack-webhook-server', { args, env: GOOD, cwd });
      expect(stderr).toMatch(/^slack-webhook-server: cannot read \.env: EISDIR.*$/);
      expect(code).toBe(2);
    }
  });

  test.each([
    ['does not parse', 'worker.mts', 'const a = 1;\nexport default (', /cannot be loaded: .*worker\.mts:2\)$/],
    ['has an enum', 'worker.mts', 'enum A { B }', /cannot be loaded: .*enum.*worker\.mts:1\)$/],
    ['is a module in a CommonJS package', 'worker.ts', 'export default () => {};', /rename it to worker\.mts/],
    ['throws', 'worker.mts', 'throw new Error("no\\ndatabase");', /cannot be loaded: no database$/],
    [
      'exports no default',
      'worker.mts',
      'export const worker = 1;',
      /default export must be a function.*the file has no default export/,
    ],
    [
      'exports no function',
      'worker.mts',
      'export default { close() {} };',
      /default export must be a function.*object/,
    ],
    ['does not finish loading', 'worker.mts', 'await new Promise(() => {});', /cannot be loaded: loading takes longer/],
    ['is a folder', '.', '', /--worker \.: is a folder/],
  ])('rejects a worker that %s', async (_what, file, source, expected) => {
    const cwd = temporaryFolder();
    // The package.json that npm init writes.
    writeFileSync(join(cwd, 'package.json'), JSON.stringify({ name: 'app', version: '1.0.0', type: 'commonjs' }));
    if (file !== '.') writeFileSync(join(cwd, file), source);
    const { code, stderr } = await runHosted('slack-webhook-server', { args: ['--worker', file], env: GOOD, cwd });
    expect(stderr).toMatch(expected);
    expect(stderr).toContain(`slack-webhook-server: --worker ${file}: `);
    expect(stderr.split('\n')).toHaveLength(1);
    expect(code).toBe(2);
  });
});
