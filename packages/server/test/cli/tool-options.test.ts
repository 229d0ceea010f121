import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type CommandOptions, startCommand, temporaryFolder } from '../support/commands.ts';

const ENV = { SLACK_BOT_TOKEN: 'xoxb-simulator', SLACK_API_URL: 'http://127.0.0.1:1/api/' };
const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '0' } },
};

function start(env: CommandOptions['env']) {
  const command = startCommand('slack-mcp-server', { env: { ...ENV, ...env } });
  command.child.stdin.write(`${JSON.stringify(INITIALIZE)}\n`);
  return command;
}

const TASK = { name: 'slack_read_channel_messages', arguments: { channel: 'C0123456789' }, task: {} };

test.each([
  ['is configured', { QUEUE_BACKEND: 'memory' }, 'task_queues_opened', { backend: 'memory' }],
  ['is not installed', { QUEUE_BACKEND: 'kafka' }, 'task_queues_not_installed', { reason: /backend kafka/ }],
  ['is not set', {}, undefined, {}],
])('stores tasks when the backend %s', async (_name, env, event, fields) => {
  const { child, ended } = start(env);
  child.stdin.end(`${JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: TASK })}\n`);
  const { stdout, stderr } = await ended;
  const answers = stdout.split('\n').map((line) => JSON.parse(line || '{}') as { id?: number });
  expect(answers.find(({ id }) => id === 1)).toMatchObject({ result: { capabilities: { tasks: {} } } });
  expect(answers.find(({ id }) => id === 2)).toMatchObject({ result: { task: { status: 'working' } } });
  const told = stderr.split('\n').map((line) => JSON.parse(line) as { message: string });
  const [entry, ...more] = told.filter(({ message }) => message.startsWith('task_queues_'));
  expect(more).toEqual([]);
  expect(entry?.message).toBe(event);
  for (const [name, value] of Object.entries(fields)) {
    expect((entry as Record<string, unknown> | undefined)?.[name]).toEqual(
      value instanceof RegExp ? expect.stringMatching(value) : value,
    );
  }
});

test('stores idempotency keys in the given file, for one process', async () => {
  const path = join(temporaryFolder(), 'keys.jsonl');
  const first = start({ SLACK_MCP_IDEMPOTENCY_FILE: path });
  await first.logged('server_listening');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readFile(path, 'utf8')).toBe('');
  expect(await start({ SLACK_MCP_IDEMPOTENCY_FILE: path }).ended).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^slack-mcp-server: SLACK_MCP_IDEMPOTENCY_FILE: .* is in use by another process/),
  });
  first.child.kill('SIGKILL');
  await first.ended;
  const { child, logged, ended } = start({ SLACK_MCP_IDEMPOTENCY_FILE: path });
  await logged('server_listening');
  child.stdin.end();
  expect(await ended).toMatchObject({ code: 0 });
});

test('does not start when the file is not writable', async () => {
  const path = join(temporaryFolder(), 'nowhere', 'keys.jsonl');
  expect(await start({ SLACK_MCP_IDEMPOTENCY_FILE: path }).ended).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^slack-mcp-server: SLACK_MCP_IDEMPOTENCY_FILE: .*must be readable and writable: /),
  });
});
