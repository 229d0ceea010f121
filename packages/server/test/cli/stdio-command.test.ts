import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startCommand } from '../support/commands.ts';
import { TOOL_NAMES } from '../support/tool-names.ts';

const ENV = { SLACK_BOT_TOKEN: 'xoxb-simulator', SLACK_API_URL: 'http://127.0.0.1:1/api/' };
const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

function lines(...messages: object[]): string {
  return messages.map((message) => `${JSON.stringify(message)}\n`).join('');
}

describe('slack-mcp-server over stdio', () => {
  test.each([
    ['slack-mcp-server', []],
    ['slack-mcp', ['mcp']],
  ] as const)('%s %j: writes only protocol messages to stdout, and exits at the end of stdin', async (name, args) => {
    const { child, ended } = startCommand(name, { args, env: { ...ENV, LOG_LEVEL: 'debug' } });
    child.stdin.end(
      lines(
        INITIALIZE,
        { jsonrpc: '2.0', method: 'notifications/initialized' },
        { jsonrpc: '2.0', id: 2, method: 'tools/list' },
        { jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name: 'slack_read_emojis', arguments: {} } },
      ),
    );
    const { code, stdout, stderr } = await ended;
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number; jsonrpc: string; result: never });
    expect(answers.map(({ jsonrpc, id }) => [jsonrpc, id])).toEqual([
      ['2.0', 1],
      ['2.0', 2],
      ['2.0', 3],
    ]);
    expect(answers[1]?.result).toHaveProperty('tools.length', TOOL_NAMES.length);
    expect(answers[2]?.result).toHaveProperty('isError', true);
    expect(stderr).toMatch(/server_listening/);
    expect(stderr).not.toContain(ENV.SLACK_BOT_TOKEN);
    expect(code).toBe(0);
  });

  test('exits when stdin is empty', async () => {
    const { child, ended } = startCommand('slack-mcp-server', { env: ENV });
    child.stdin.end();
    expect(await ended).toMatchObject({ code: 0, stdout: '' });
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('%s stops it while stdin is open', async (signal) => {
    const command = startCommand('slack-mcp-server', { env: ENV });
    await command.logged('server_listening');
    command.child.kill(signal);
    expect((await command.ended).code).toBe(0);
  });

  test('finishes open requests after SIGTERM', async () => {
    const called = Promise.withResolvers<() => void>();
    const slack = createServer((asked, answer) => {
      asked.resume();
      answer.setHeader('content-type', 'application/json');
      called.resolve(() => answer.end('{"ok":true,"emoji":{"shipit":"https://emoji.test/1.png"}}'));
    });
    await new Promise<void>((resolve) => slack.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => slack.closeAllConnections());
    onTestFinished(() => void slack.close());
    const { port } = slack.address() as AddressInfo;
    const env = { ...ENV, SLACK_API_URL: `http://127.0.0.1:${port}/api/`, SHUTDOWN_TIMEOUT_MS: '60000' };
    const command = startCommand('slack-mcp-server', { env });
    const call = { name: 'slack_read_emojis', arguments: {} };
    command.child.stdin.write(lines(INITIALIZE, { jsonrpc: '2.0', id: 2, method: 'tools/call', params: call }));
    const answer = await called.promise;
    command.child.kill('SIGTERM');
    await command.logged('server_closing');
    answer();
    expect(await command.ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/shipit.*"id":2/) });
  });

  test('offers only reading tools when it is read-only', async () => {
    const { child, ended } = startCommand('slack-mcp-server', { env: { ...ENV, SLACK_MCP_READ_ONLY: 'TRUE' } });
    child.stdin.end(lines(INITIALIZE, { jsonrpc: '2.0', id: 2, method: 'tools/list' }));
    const { stdout } = await ended;
    expect(stdout).toMatch(/slack_read_channel_messages/);
    expect(stdout).not.toMatch(/"slack_post_message"/);
  });
});
