import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serveStdio } from '../../src/mcp/protocol/stdio.ts';
import { INITIALIZE } from './support/send.ts';
import { startWorkspace } from './support/start-workspace.ts';
import { stdioServerParameters } from './support/stdio-server.ts';

const LIST = { jsonrpc: '2.0', id: 2, method: 'tools/list' };
const READ = {
  jsonrpc: '2.0',
  id: 3,
  method: 'tools/call',
  params: { name: 'slack_read_channel_messages', arguments: { channel: 'general' } },
};

function start(slackApiUrl: string) {
  const { command, args, env } = stdioServerParameters(slackApiUrl);
  const child = spawn(command, args, { env, stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const answers: JSONRPCMessage[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => answers.push(JSON.parse(line)));
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  return {
    child,
    answers,
    said: () => said,
    write: (...messages: object[]) =>
      child.stdin.write(messages.map((message) => `${JSON.stringify(message)}\n`).join('')),
    ended: once(child, 'exit') as Promise<[number | null, string | null]>,
  };
}

describe('the process', () => {
  it('answers what was asked before stdin ended, then ends', async () => {
    await using at = await startWorkspace();
    const server = start(at.simulator.url);
    server.write(INITIALIZE, LIST, READ);
    server.child.stdin.end();
    expect(await server.ended).toEqual([0, null]);
    expect(server.answers.map((answer) => 'id' in answer && answer.id)).toEqual([1, 2, 3]);
    expect(server.answers[2]).toMatchObject({ result: { structuredContent: { channel: 'C0GENERAL1' } } });
  });

  it('ends at once when nothing was asked', async () => {
    const server = start('http://127.0.0.1:9/api/');
    server.child.stdin.end();
    expect(await server.ended).toEqual([0, null]);
    expect(server.answers).toEqual([]);
  });

  it('ends when nobody reads its answers any more', async () => {
    const server = start('http://127.0.0.1:9/api/');
    server.write(INITIALIZE);
    await expect.poll(() => server.answers.length, { timeout: 20_000 }).toBe(1);
    server.child.stdout.destroy();
    server.child.stdin.on('error', () => {});
    // The pipe breaks with the first answer that cannot be delivered.
    server.write(LIST);
    expect(await server.ended).toEqual([0, null]);
    expect(server.said()).not.toContain('EPIPE');
  });

  it('takes lines that are no messages without ending or answering on stdout', async () => {
    const server = start('http://127.0.0.1:9/api/');
    server.child.stdin.write('not json\n{"jsonrpc":"2.0"}\n\n');
    server.write(INITIALIZE);
    await expect.poll(() => server.answers.length, { timeout: 20_000 }).toBe(1);
    server.child.stdin.end();
    expect(await server.ended).toEqual([0, null]);
  });
});

describe('serveStdio', () => {
  it('does not wait for ever for what was asked', async () => {
    await using at = await startWorkspace({
      host: { slack: { call: () => new Promise(() => {}) } },
    });
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    stdin.end(`${JSON.stringify(INITIALIZE)}\n${JSON.stringify(READ)}\n`);
    await serveStdio(at.host, { stdin, stdout, drainTimeoutMs: 50 });
    expect(String(stdout.read())).toContain('"id":1');
  });

  it('does not wait for what was cancelled', async () => {
    await using at = await startWorkspace({
      host: {
        slack: {
          call: (_method, _args, { signal } = {}) =>
            new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
        },
      },
    });
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: READ.id } };
    stdin.end([INITIALIZE, READ, cancel].map((message) => `${JSON.stringify(message)}\n`).join(''));
    await serveStdio(at.host, { stdin, stdout, drainTimeoutMs: 600_000 });
  });
});
