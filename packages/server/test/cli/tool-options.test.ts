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

test('tasks are kept by the backend that is configured', async () => {
  const { logged, child, ended } = start({ QUEUE_BACKEND: 'memory' });
  expect(await logged('task_queues_loaded')).toMatchObject({ backend: 'memory' });
  child.stdin.end();
  expect(JSON.parse((await ended).stdout)).toMatchObject({ result: { capabilities: { tasks: {} } } });
});

test('tasks are kept in memory where no backend is configured', async () => {
  const { child, ended } = start({});
  const task = { name: 'slack_read_channel_messages', arguments: { channel: 'C0123456789' }, task: {} };
  child.stdin.end(`${JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: task })}\n`);
  const [, answer] = (await ended).stdout.trim().split('\n');
  expect(JSON.parse(answer ?? '')).toMatchObject({ id: 2, result: { task: { status: 'working' } } });
});

test('a backend that is not installed is named, and the tools are served without it', async () => {
  const { logged, child, ended } = start({ QUEUE_BACKEND: 'kafka' });
  expect(await logged('task_queues_not_loaded')).toMatchObject({ reason: expect.stringContaining('kafka') });
  child.stdin.end();
  expect(await ended).toMatchObject({ code: 0 });
});

test('idempotency keys are kept in the file that is named, by one process', async () => {
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

test('a file that cannot be written keeps the server from starting', async () => {
  const path = join(temporaryFolder(), 'nowhere', 'keys.jsonl');
  expect(await start({ SLACK_MCP_IDEMPOTENCY_FILE: path }).ended).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^slack-mcp-server: SLACK_MCP_IDEMPOTENCY_FILE: .*cannot be read and written: /),
  });
});
