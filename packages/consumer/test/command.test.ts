import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { application, fixture, guised } from './support/application.ts';
import { sourceOf } from './support/bundled.ts';
import { type Child, start } from './support/child.ts';
import { hostedCommand, ownCommand } from './support/command.ts';
import { serve } from './support/http.ts';

const command = (args: string[], options: { cwd?: string; env?: object; source?: boolean } = {}): Child =>
  start('src/bin/slack-mcp-consumer.ts', args, { cwd: application(), ...options });

const hosted = hostedCommand();

describe('a worker file', () => {
  test('runs without a build, receives backend, Slack and group, and ends with 0 on SIGTERM', async () => {
    const slack = await serve();
    const child = command(['--handlers', sourceOf('test/fixtures/worker.ts'), '--group', 'given'], {
      source: true,
      cwd: application({ name: 'network', module: sourceOf('test/fixtures/network-backend.ts') }),
      env: { SLACK_BOT_TOKEN: 'xoxb-secret-1', SLACK_API_URL: slack.url },
    });
    await child.printed('event_handled');
    child.process.kill('SIGTERM');
    await expect(child.ended).resolves.toBe(0);
    expect(slack.requests).toMatchObject([
      { path: '/api/chat.postMessage', form: { channel: 'C1', thread_ts: '1.1', text: 'hi' } },
    ]);
    const entries = child
      .errors()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(entries.find(({ message }) => message === 'consumer_ready')).toMatchObject({ group: 'given' });
    expect(entries.at(-1)).toMatchObject({
      ...{ level: 'info', message: 'consumer_closed', group: 'given' },
      ...{ handled: 1, interrupted: 0, notStarted: 0 },
    });
    expect(child.output()).toBe('');
    expect(child.errors()).not.toMatch(/xoxb|private/);
  });

  test('reads variables from .env, which the environment overrides', async () => {
    const slack = await serve();
    const cwd = application(guised);
    writeFileSync(join(cwd, '.env'), `SLACK_API_URL=${slack.url}\nSLACK_BOT_TOKEN=hunter2\n`);
    const child = command(['--handlers', fixture('worker.ts')], { cwd, env: { SLACK_BOT_TOKEN: 'xoxb-secret-1' } });
    await child.printed('event_handled');
    expect(slack.requests).toMatchObject([{ headers: { authorization: 'Bearer xoxb-secret-1' } }]);
  });

  test.each<[string, (path: string) => void, code: string]>([
    ['a pipe', (path) => execFileSync('mkfifo', [path]), 'ENOTFILE'],
    ['a folder', (path) => mkdirSync(path), 'EISDIR'],
    ['a link to a device', (path) => symlinkSync('/dev/zero', path), 'ENOTFILE'],
    ['a file above 1 MiB', (path) => writeFileSync(path, `X=${'x'.repeat(2 ** 20)}`), 'EFBIG'],
  ])('rejects %s instead of .env', async (_name, make, code) => {
    const cwd = application(guised);
    make(join(cwd, '.env'));
    const ended = await hosted(['--handlers', fixture('worker.ts')], { cwd });
    expect(ended.code).toBe(2);
    expect(ended.errors).toContain(`slack-mcp-consumer: cannot read .env: ${code}`);
    expect(ended.errors.trim().split('\n')).toHaveLength(1);
  });

  test('uses its own group if the command line sets none', async () => {
    const child = command(['--handlers', fixture('worker.ts')], { cwd: application(guised) });
    await child.printed('consumer_ready');
    expect(child.errors()).toContain('"group":"own"');
    // Without a token the answer fails, and says what to set.
    await child.printed('SLACK_BOT_TOKEN=xoxb-');
  });

  test('logs readable text with LOG_FORMAT=text, and no secrets', async () => {
    const child = command(['--handlers', fixture('worker.ts')], {
      cwd: application(guised),
      env: { LOG_FORMAT: 'text', SLACK_BOT_TOKEN: 'xoxb-secret-1', SLACK_API_URL: 'http://127.0.0.1:9/' },
    });
    await child.printed('event_failed');
    expect(child.errors()).toMatch(/^\d\d:\d\d:\d\d\.\d{3} INFO {2}queue_backend_loaded backend=network/m);
    expect(child.errors()).toMatch(
      /WARN {2}event_failed .*eventType=app_mention.*\nSlackNetworkError: chat\.postMessage: Slack could not be reached/,
    );
    expect(child.errors()).not.toMatch(/xoxb|private/);
  });

  test('ends the process with 1 if it cannot continue', async () => {
    const child = command(['--handlers', fixture('failing-worker.ts')], { cwd: application(guised) });
    await expect(child.ended).resolves.toBe(1);
    expect(child.errors()).toContain('slack-mcp-consumer: the broker refuses the credentials\n');
  });
});

describe('an unclean end', () => {
  const ending = async (how: string, env: object = {}) => {
    const child = command(['--handlers', fixture('ending-worker.ts')], {
      cwd: application(guised),
      env: { SHUTDOWN_TIMEOUT_MS: '100', HOW: how, ...env },
    });
    await child.printed('worker is up');
    if (how.startsWith('hang')) child.process.kill('SIGTERM');
    await expect(child.ended).resolves.toBe(1);
    return child.errors();
  };

  test('names and abandons a worker that does not close', async () => {
    const errors = await ending('hang');
    expect(errors).toMatch(/"part":"worker".*"part_not_closed"/);
    expect(errors.trim().split('\n').at(-1)).toBe(
      'slack-mcp-consumer: some components did not close cleanly: worker (it takes too long)',
    );
  });

  test.each(['throw', 'reject'])('logs an uncaught error (%s) and closes the worker', async (how) => {
    const errors = await ending(how, { SLACK_BOT_TOKEN: 'xoxb-secret-1' });
    expect(errors).toMatch(/"name":"TypeError","reason":"oops \[redacted\]","message":"process_failed"/);
    expect(errors).toContain('worker is closed');
    const last = errors.trim().split('\n').at(-1);
    expect(last).toBe('slack-mcp-consumer: uncaught error: TypeError: oops [redacted]');
  });
});

describe('wrong usage ends with 2 and one line that says what to do', () => {
  const worker = ['--handlers', fixture('worker.ts')];

  test.each<[string, string[], Record<string, string>, string]>([
    ['no file', [], {}, "required option '--handlers <file>' not specified"],
    ['a file that does not exist', ['--handlers', 'nope.ts'], {}, '--handlers nope.ts: does not exist'],
    [
      'a file without default export',
      ['--handlers', fixture('run-nothing.ts')],
      {},
      'default export must be a function',
    ],
    ['an unknown option', [...worker, '--nope'], {}, "unknown option '--nope'"],
    ['a token as option', [...worker, '--token=xoxb-1-hunter2'], {}, "unknown option '--token'"],
    ['a secret as option', [...worker, '--secret=hunter2'], {}, "unknown option '--secret'"],
    ['a secret as argument', [...worker, 'hunter2'], {}, 'too many arguments'],
    ['a secret as backend', worker, { QUEUE_BACKEND: 'hunter2', REDIS_PASSWORD: 'hunter2' }, '[redacted]'],
    ['an unknown log level', [...worker, '--log-level', 'loud'], {}, '--log-level is not one of'],
    ['an unknown log format', worker, { LOG_FORMAT: 'xml' }, 'LOG_FORMAT is not one of json, text'],
    ['an invalid drain time', worker, { SHUTDOWN_TIMEOUT_MS: 'soon' }, 'SHUTDOWN_TIMEOUT_MS'],
    ['an unknown command', ['dead-letter'], {}, 'dead-letter'],
    ['a token of another kind', worker, { SLACK_BOT_TOKEN: 'hunter2' }, 'SLACK_BOT_TOKEN=xoxb-your-token'],
    ['a URL that would reveal the token', worker, { SLACK_API_URL: 'http://example.com' }, 'SLACK_API_URL'],
    ['a backend that is not installed', worker, { QUEUE_BACKEND: 'redis' }, 'backend-redis'],
    ['memory', worker, { QUEUE_BACKEND: 'memory' }, 'memory'],
    ['no backend at all', worker, {}, 'slack-integrated-server --worker FILE'],
  ])('%s', async (_name, args, env, reason) => {
    // One of them ends its own process.
    const run = args.length === 0 ? ownCommand : hosted;
    const { code, output, errors } = await run(args, { cwd: application(), env });
    expect(code).toBe(2);
    const last = errors.trim().split('\n').at(-1);
    expect(last).toMatch(/^slack-mcp-consumer: /);
    expect(last).toContain(reason);
    expect(errors).not.toContain('hunter2');
    expect(output).toBe('');
  });
});

test('rejects a worker without a group, unless --group sets one', async () => {
  const groupless = ['--handlers', fixture('groupless-worker.ts')];
  const refused = command(groupless, { cwd: application(guised) });
  await expect(refused.ended).resolves.toBe(2);
  expect(refused.errors().trim().split('\n').at(-1)).toMatch(/^slack-mcp-consumer: group: missing: .*--group NAME/);
  const child = command([...groupless, '--group', 'given'], { cwd: application(guised) });
  await child.printed('consumer_ready');
  expect(child.errors()).toContain('"group":"given"');
});

test('explains why the memory backend does not work, even if it is not installed', async () => {
  const child = command(['--handlers', fixture('worker.ts')], { env: { QUEUE_BACKEND: 'Memory' } });
  await expect(child.ended).resolves.toBe(2);
  expect(child.errors()).toContain('the memory backend lives inside one process');
  expect(child.errors()).not.toMatch(/npm install @slack-mcp\/backend-memory/);
});

test('warns about a worker that was not started, and about a missing token', async () => {
  const child = command(['--handlers', fixture('idle-worker.ts')], { cwd: application(guised) });
  await child.printed('worker_not_started');
  expect(child.errors()).toMatch(/"level":"warn".*await consumer\.start\(\)/);
  expect(child.errors()).toMatch(/"level":"warn".*SLACK_BOT_TOKEN.*slack_token_missing/);
  child.process.kill('SIGTERM');
  await expect(child.ended).resolves.toBe(0);
  const started = command(['--handlers', fixture('worker.ts')], {
    cwd: application(guised),
    env: { SLACK_USER_TOKEN: 'xoxp-1', SLACK_MCP_OPS_KYE: 'a-key-of-the-operator', SLACK_MCP_READ_ONLY: 'true' },
  });
  await started.printed('consumer_ready');
  expect(started.errors()).toMatch(
    /"name":"SLACK_MCP_OPS_KYE","nearest":"SLACK_MCP_OPS_KEY","message":"unknown_variable"/,
  );
  // A variable of the server, which may share the file.
  expect(started.errors()).not.toContain('SLACK_MCP_READ_ONLY');
  expect(started.errors()).not.toMatch(/worker_not_started|slack_token_missing/);
});

test('rejects the memory backend with an explanation', async () => {
  const child = command(['--handlers', fixture('worker.ts')], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { QUEUE_BACKEND: 'memory' },
  });

  await expect(child.ended).resolves.toBe(2);
  expect(child.errors()).toContain('the memory backend lives inside one process');
  expect(child.errors()).toContain('slack-integrated-server --worker FILE');
});

test('calls Slack through the proxy that HTTPS_PROXY names', async () => {
  const asked: string[] = [];
  const proxy = createServer().on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  const { port } = proxy.address() as AddressInfo;
  const child = command(['--handlers', fixture('worker.ts')], {
    cwd: application(guised),
    env: { SLACK_BOT_TOKEN: 'xoxb-secret-1', HTTPS_PROXY: `http://127.0.0.1:${port}` },
  });
  await child.printed('event_failed');
  expect(new Set(asked)).toEqual(new Set(['slack.com:443']));
});

test('--help describes the variables, shows examples and names the documentation', async () => {
  const child = command(['--help']);
  await expect(child.ended).resolves.toBe(0);
  expect(child.output()).toMatch(/^ {2}SLACK_BOT_TOKEN +Bot token/m);
  expect(child.output()).toContain('slack-mcp-consumer --handlers worker.ts');
  expect(child.output()).toMatch(/^Documentation: .*README\.md$/m);
});
