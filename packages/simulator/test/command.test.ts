import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { WebClient } from '@slack/web-api';
import { describe, expect, onTestFinished, test } from 'vitest';
import { commandHost, type HostedEnd } from '../../../tooling/test-support/src/command-host.ts';
import { connectSimulator, type SimulatorControl } from '../src/index.ts';
import { startApp } from './app.ts';
import { startSlack } from './slack.ts';

const { PATH, NODE_COMPILE_CACHE } = process.env;
const COMMAND = fileURLToPath(new URL('../src/bin/slack-simulator.ts', import.meta.url));
const SECRET = 'never-to-be-shown';

interface Started {
  child: ChildProcess;
  output: { stdout: string; stderr: string };
  exited: Promise<number | null>;
}

function start(args: string[], env: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, ['--conditions=@slack-mcp/source', COMMAND, ...args], {
    env: { PATH, NODE_COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, output, exited: once(child, 'close').then(([code]) => code as number | null) };
}

async function run(
  args: string[],
  env?: Record<string, string>,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { output, exited } = start(args, env);
  return { code: await exited, ...output };
}

const host = commandHost();

/** Runs a command that ends with an error, in one process for all tests. */
function runHosted(args: string[], env: Record<string, string> = {}): Promise<HostedEnd> {
  return host({ file: COMMAND, args, env, cwd: tmpdir() });
}

async function startRemote(args: string[] = []): Promise<Started & { simulator: SimulatorControl }> {
  const started = start(['--port', '0', '--json', ...args], { SLACK_SIGNING_SECRET: SECRET });
  await expect.poll(() => started.output.stdout, { timeout: 30_000 }).toContain('\n');
  return { ...started, simulator: connectSimulator(JSON.parse(started.output.stdout).url) };
}

test('drives the simulator from another process with the same methods', async () => {
  const app = await startApp(({ body }) => ({
    status: 200,
    body: body.startsWith('{') ? JSON.parse(body).challenge : '',
  }));
  const { simulator, child, output, exited } = await startRemote(['--commands-url', app.url, '--time-scale', '10000']);
  const web = new WebClient('xoxb-simulator', { slackApiUrl: simulator.url });

  await simulator.setEventsUrl(app.url, { verify: true });
  await simulator.cutOff(1);
  const posted = await simulator.postMessage('alice', 'general', 'Hello <@U0SIMULBOT>');
  expect(posted.eventIds).toHaveLength(2);
  await simulator.idle();
  const deliveries = await simulator.deliveries();
  expect(deliveries.map(({ eventId }) => eventId)).toEqual(posted.eventIds);
  expect(deliveries.map(({ attempts }) => attempts.length)).toEqual([2, 1]);

  await web.chat.postMessage({ channel: posted.channel, thread_ts: posted.ts, text: 'Hello yourself' });
  expect((await simulator.messages('general')).at(-1)).toMatchObject({ text: 'Hello yourself', thread_ts: posted.ts });
  await simulator.react('bob', 'general', posted.ts, 'eyes');
  await simulator.unreact('bob', 'general', posted.ts, 'eyes');
  await simulator.editMessage('general', posted.ts, 'edited');
  await simulator.deleteMessage('general', posted.ts);
  const { channel } = await simulator.createChannel('alice', 'launch');
  await simulator.joinChannel('bob', channel);
  const state = await simulator.state();
  expect(state.channels.find(({ id }) => id === channel)?.members).toEqual(['U0ALICE001', 'U0BOB00001']);

  const { id } = await simulator.deliver({ type: 'app_mention', channel, user: 'U0BOB00001', text: 'x', ts: '1.0' });
  expect(await simulator.settled(id)).toMatchObject({ state: 'delivered', type: 'app_mention' });

  await simulator.limit('emoji.list', { retryAfterS: 1 });
  await simulator.fail('auth.test', 'fatal_error');
  await expect(web.auth.test()).rejects.toMatchObject({ data: { error: 'fatal_error' } });
  expect((await fetch(`${simulator.url}emoji.list`)).status).toBe(429);
  expect(await simulator.calls('auth.test')).toMatchObject([{ error: 'fatal_error' }]);
  expect(await simulator.slashCommand({ command: '/x' })).toMatchObject({ status: 200 });
  expect(await simulator.sslCheck()).toMatchObject({ status: 200 });
  expect(await simulator.responses()).toEqual([]);

  await expect(simulator.postMessage('alice', 'nowhere', 'hi')).rejects.toMatchObject({
    name: 'SlackApiError',
    code: 'channel_not_found',
  });
  await expect(simulator.blockAction({ actionId: 'x' })).rejects.toThrow(/interactivityUrl is not set/);
  await expect(simulator.cutOff(-1)).rejects.toThrow(TypeError);
  await expect(simulator.interact({})).rejects.toThrow(TypeError);

  child.kill('SIGTERM');
  expect(await exited).toBe(0);
  expect(output.stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(output.stdout + output.stderr).not.toContain(SECRET);
});

test('rejects malformed control requests with a reason', async () => {
  const { slack } = await startSlack();
  const control = slack.url.replace('/api/', '/control/');
  for (const body of ['{', '[]', '{"user":5}']) {
    const response = await fetch(`${control}messages`, { method: 'POST', body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_request', message: expect.any(String) } });
  }
});

test('prints its address in one line without --json, and stops on SIGINT', async () => {
  const { child, output, exited } = start(['--port', '0', '--signing-secret', SECRET]);
  await expect
    .poll(() => output.stdout, { timeout: 30_000 })
    .toMatch(/^Slack simulator is running: .*\/api\/.*events are not posted yet\n$/);
  child.kill('SIGINT');
  expect(await exited).toBe(0);
});

describe('exits with 2 and one line that names the flag', () => {
  test.each([
    ['--signing-secret', []],
    ['--port', ['--port', 'abc']],
    ['--port', ['--port', '99999']],
    ['--time-scale', ['--time-scale', 'fast']],
    ['--events-url', ['--events-url', 'localhost']],
    ['--rate-limits', ['--rate-limits', 'some']],
    ['--verify', ['--verify']],
    ['--nonsense', ['--nonsense']],
  ])('for a wrong %s: %o', async (flag, args) => {
    const env = flag === '--signing-secret' ? {} : { SLACK_SIGNING_SECRET: SECRET };
    const { code, stdout, stderr } = await runHosted(args, env);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(flag);
    expect(stderr).not.toContain(SECRET);
  });
});

test('exits with 1 and a message when the port is in use', async () => {
  const { slack } = await startSlack();
  const { port } = new URL(slack.url);
  const { code, stderr } = await run(['--port', port], { SLACK_SIGNING_SECRET: SECRET });
  expect(code).toBe(1);
  expect(stderr).toBe(
    `slack-simulator: port ${port} on 127.0.0.1 is in use: choose another --port, or 0 for any free port\n`,
  );
});

describe('slack-simulator post', () => {
  test('posts one message from a person in a running simulator', async () => {
    const { slack: simulator } = await startSlack();
    const to = new URL(simulator.url).origin;
    const posted = await run(['post', 'alice', 'general', 'Hello', '--to', to, '--json']);
    expect(posted).toMatchObject({ code: 0, stderr: '' });
    const { ts } = JSON.parse(posted.stdout);
    expect((await simulator.messages('general')).at(-1)).toMatchObject({ ts, user: 'U0ALICE001', text: 'Hello' });
    const reply = await run(['post', 'bob', 'general', 'Hi', '--thread', ts, '--to', to]);
    expect(reply.stdout).toMatch(/^posted to C0GENERAL1 at \d+\.\d{6}, 0 events queued\n$/);
    expect((await simulator.messages('general')).at(-1)).toMatchObject({ thread_ts: ts, text: 'Hi' });
  });

  test('prints errors in one line', async () => {
    const { slack: simulator } = await startSlack();
    const to = new URL(simulator.url).origin;
    const unknownUser = await runHosted(['post', 'nobody', 'general', 'Hello', '--to', to]);
    expect(unknownUser).toMatchObject({ code: 1, stdout: '', stderr: 'slack-simulator: user_not_found\n' });
    const nowhere = await runHosted(['post', 'alice', 'general', 'Hello', '--to', 'http://127.0.0.1:9']);
    expect(nowhere).toMatchObject({ code: 1, stdout: '' });
    expect(nowhere.stderr).toMatch(/no simulator responds at http:\/\/127\.0\.0\.1:9: start one/);
    expect(await run(['post', 'alice', 'general'])).toMatchObject({ code: 2 });
  });
});

test('selects and validates behaviors on the command line', async () => {
  const { simulator } = await startRemote(['--behavior', 'longText=refuse', '--behavior', 'unfurlLinks=false']);
  const web = new WebClient('xoxb-simulator', { slackApiUrl: simulator.url });
  await expect(web.chat.postMessage({ channel: 'C0GENERAL1', text: 'x'.repeat(5_000) })).rejects.toMatchObject({
    data: { error: 'msg_too_long' },
  });
  const wrong = await runHosted(['--signing-secret', SECRET, '--behavior', 'longText=chop']);
  expect(wrong).toMatchObject({ code: 2 });
  expect(wrong.stderr).toMatch(/^slack-simulator: --behavior longText must be split or refuse or keep/);
});
