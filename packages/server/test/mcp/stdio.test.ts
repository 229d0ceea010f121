import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { childEnvironment } from '@slack-mcp/test-support';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { serveStdio } from '../../src/mcp/protocol/stdio.ts';
import { ENVELOPE, modernMessage, REVISION } from './support/modern.ts';
import { NAME_MODULES } from './support/name-modules.ts';
import { INITIALIZE } from './support/send.ts';
import { startWorkspace } from './support/start-workspace.ts';
import { stdioServerParameters, stdioSourceParameters } from './support/stdio-server.ts';

const LIST = { jsonrpc: '2.0', id: 2, method: 'tools/list' };
const EMOJIS = { jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name: 'slack_read_emojis', arguments: {} } };
const READ = {
  jsonrpc: '2.0',
  id: 3,
  method: 'tools/call',
  params: { name: 'slack_read_channel_messages', arguments: { channel: 'general' } },
};

/** @param flags - of Node, which then runs the source */
function start(slackApiUrl: string, flags: readonly string[] = [], onFinished = onTestFinished) {
  const parametersOf = flags.length === 0 ? stdioServerParameters : stdioSourceParameters;
  const { command, args, env } = parametersOf(slackApiUrl);
  const child = spawn(command, [...flags, ...args], { env: childEnvironment(env), stdio: 'pipe' });
  onFinished(() => void child.kill('SIGKILL'));
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
  it('answers what was requested before stdin ended, then exits', async () => {
    await using at = await startWorkspace();
    const server = start(at.simulator.url);
    server.write(INITIALIZE, LIST, READ);
    server.child.stdin.end();
    expect(await server.ended).toEqual([0, null]);
    expect(server.answers.map((answer) => 'id' in answer && answer.id)).toEqual([1, 2, 3]);
    expect(server.answers[2]).toMatchObject({ result: { structuredContent: { channel: 'C0GENERAL1' } } });
  });

  it('exits at once if nothing was requested', async () => {
    const server = start('http://127.0.0.1:9/api/');
    server.child.stdin.end();
    expect(await server.ended).toEqual([0, null]);
    expect(server.answers).toEqual([]);
  });

  it('exits when its answers are no longer read', async () => {
    const server = start('http://127.0.0.1:9/api/');
    server.write(INITIALIZE);
    await expect.poll(() => server.answers.length, { timeout: 20_000 }).toBe(1);
    server.child.stdout.destroy();
    server.child.stdin.on('error', () => {});
    // The pipe breaks at the first answer that cannot be delivered.
    server.write(LIST);
    expect(await server.ended).toEqual([0, null]);
    expect(server.said()).not.toContain('EPIPE');
  });

  it('reports lines that are not messages, and continues', async () => {
    const server = start('http://127.0.0.1:9/api/');
    server.child.stdin.write('not json\n{"jsonrpc":"2.0"}\n\nnull\n42\n[]\n');
    server.write({ ...LIST, id: 'a', params: { _meta: 1 } }, [INITIALIZE, { ...LIST, id: 5 }]);
    server.child.stdin.end();
    expect(await server.ended).toEqual([0, null]);
    const refused = (id: unknown, code: number) => ({ id, error: { code, message: expect.any(String) } });
    expect(server.answers).toMatchObject([
      refused(null, -32700),
      ...Array.from({ length: 4 }, () => refused(null, -32600)),
      refused('a', -32602),
      { id: 1, result: {} },
      { id: 5, result: {} },
    ]);
  });
});

describe('a client of revision 2026-07-28', () => {
  it('receives answers to requests before stdin ended, and its subscriptions close', async () => {
    await using at = await startWorkspace();
    const server = start(at.simulator.url);
    server.write(
      modernMessage('server/discover', {}, 1),
      modernMessage('subscriptions/listen', { notifications: { resourceSubscriptions: ['slack://emojis'] } }, 2),
      modernMessage('tools/call', READ.params, 3),
    );
    server.child.stdin.end();
    expect(await server.ended).toEqual([0, null]);
    const answer = (id: number) => server.answers.find((message) => 'id' in message && message.id === id);
    expect(answer(1)).toMatchObject({ result: { supportedVersions: [REVISION] } });
    expect(answer(2)).toMatchObject({ result: { resultType: 'complete' } });
    expect(answer(3)).toMatchObject({ result: { structuredContent: { channel: 'C0GENERAL1' } } });
  });

  it('may fall back to an older revision', async () => {
    const server = start('http://127.0.0.1:9/api/');
    server.write(modernMessage('server/discover', {}, 1));
    await expect.poll(() => server.answers.length, { timeout: 20_000 }).toBe(1);
    server.write({ ...INITIALIZE, id: 2 }, { ...LIST, id: 3 });
    server.child.stdin.end();
    expect(await server.ended).toEqual([0, null]);
    expect(server.answers.slice(1)).toMatchObject([
      { id: 2, result: { protocolVersion: '2025-11-25', serverInfo: { name: 'slack-mcp' } } },
      { id: 3, result: { tools: expect.any(Array) } },
    ]);
  });

  it('receives the supported revisions when it requests another', async () => {
    const server = start('http://127.0.0.1:9/api/');
    const message = modernMessage('tools/list');
    const _meta = { ...ENVELOPE, 'io.modelcontextprotocol/protocolVersion': '2099-01-01' };
    server.write({ ...message, params: { _meta } });
    server.child.stdin.end();
    expect(await server.ended).toEqual([0, null]);
    expect(server.answers).toMatchObject([{ error: { code: -32022, data: { supported: [REVISION] } } }]);
  });

  it('receives the notifications it listens to', async () => {
    await using at = await startWorkspace({ host: { observesEvents: true } });
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    const said: JSONRPCMessage[] = [];
    createInterface({ input: stdout }).on('line', (line) => said.push(JSON.parse(line)));
    const served = serveStdio(at.host, { stdin, stdout });
    const filter = { notifications: { resourceSubscriptions: ['slack://emojis'] } };
    stdin.write(`${JSON.stringify(modernMessage('subscriptions/listen', filter))}\n`);
    await expect
      .poll(() => said, { timeout: 20_000 })
      .toMatchObject([{ method: 'notifications/subscriptions/acknowledged' }]);
    at.host.changes.publish({ kind: 'resource_updated', uri: 'slack://other' });
    at.host.changes.publish({ kind: 'resource_updated', uri: 'slack://emojis' });
    await expect.poll(() => said.length, { timeout: 20_000 }).toBe(2);
    expect(said[1]).toMatchObject({ method: 'notifications/resources/updated', params: { uri: 'slack://emojis' } });
    stdin.end();
    await served;
  });
});

describe('the loaded modules', () => {
  const loads: [client: string, opening: object, loaded: string, spared: string][] = [
    ['an older revision', INITIALIZE, '/@modelcontextprotocol/sdk/', '/@modelcontextprotocol/server/'],
    [
      'revision 2026-07-28',
      modernMessage('server/discover'),
      '/@modelcontextprotocol/server/',
      '/@modelcontextprotocol/sdk/dist/esm/server/',
    ],
  ];

  it.each(loads)('for a client of %s are only its SDK', async (_name, opening, loaded, spared) => {
    const server = start('http://127.0.0.1:9/api/', ['--import', NAME_MODULES]);
    server.write(opening);
    server.child.stdin.end();
    expect(await server.ended).toEqual([0, null]);
    expect(server.answers).toHaveLength(1);
    expect(server.said()).toContain(loaded);
    expect(server.said()).not.toContain(spared);
  });

  describe('of a start that answers one request', () => {
    let loaded: string;
    beforeAll(async () => {
      const server = start('http://127.0.0.1:9/api/', ['--import', NAME_MODULES], () => {});
      server.write(INITIALIZE);
      server.child.stdin.end();
      expect(await server.ended).toEqual([0, null]);
      expect(server.answers).toHaveLength(1);
      loaded = server.said();
      expect(loaded).toContain('/node_modules/');
    });

    it.each(['undici', 'fastify', 'prom-client', 'jose', '@slack/web-api', '@slack/socket-mode', '@opentelemetry/api'])(
      'are not those of %s, which it does not need',
      (name) => {
        expect(loaded).not.toContain(`/node_modules/${name}/`);
      },
    );
  });
});

describe('serveStdio', () => {
  it('does not wait forever for open requests', async () => {
    await using at = await startWorkspace({
      host: { slack: { call: () => new Promise(() => {}) } },
    });
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    stdin.end(`${JSON.stringify(INITIALIZE)}\n${JSON.stringify(READ)}\n`);
    await serveStdio(at.host, { stdin, stdout, drainTimeoutMs: 50 });
    expect(String(stdout.read())).toContain('"id":1');
  });

  it('does not wait for cancelled requests', async () => {
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

  it('exits when stdout breaks before any request', async () => {
    await using at = await startWorkspace();
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    const served = serveStdio(at.host, { stdin, stdout });
    stdout.destroy(new Error('EPIPE'));
    await served;
  });

  it('skips a message above the size limit', async () => {
    await using at = await startWorkspace();
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    const served = serveStdio(at.host, { stdin, stdout, logger: at.log });
    stdin.write(`${JSON.stringify(INITIALIZE)}\n`);
    const chunk = 'x'.repeat(1024 * 1024);
    for (let written = 0; written <= 10; written += 1) stdin.write(chunk);
    stdin.end(`\n${JSON.stringify(LIST)}\n`);
    await served;
    const answers = String(stdout.read())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers).toHaveLength(3);
    expect(answers).toContainEqual(
      expect.objectContaining({ id: null, error: expect.objectContaining({ code: -32600 }) }),
    );
    expect(answers).toContainEqual(expect.objectContaining({ id: 2, result: expect.anything() }));
    expect(at.log.lines.filter(({ event }) => event === 'mcp_message_refused')).toMatchObject([{ level: 'warn' }]);
  });

  it('finishes open requests when it is closed, and reads no more', async () => {
    const answer = Promise.withResolvers<never>();
    const called = Promise.withResolvers<void>();
    const call = () => {
      called.resolve();
      return answer.promise;
    };
    await using at = await startWorkspace({ host: { slack: { call } } });
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    const ending = new AbortController();
    const served = serveStdio(at.host, { stdin, stdout, signal: ending.signal });
    stdin.write(`${JSON.stringify(INITIALIZE)}\n${JSON.stringify(EMOJIS)}\n`);
    await called.promise;
    ending.abort();
    stdin.write(`${JSON.stringify(LIST)}\n`);
    answer.resolve({ ok: true, emoji: { shipit: 'https://emoji.test/1.png' } } as never);
    await served;
    const said = String(stdout.read());
    expect(said).toMatch(/shipit.*"id":3/);
    expect(said).not.toContain('"id":2');
  });

  it('answers with an error if a request cannot finish in time', async () => {
    await using at = await startWorkspace({ host: { slack: { call: () => new Promise(() => {}) } } });
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    stdin.end(`${JSON.stringify(INITIALIZE)}\n${JSON.stringify(EMOJIS)}\n`);
    await serveStdio(at.host, { stdin, stdout, drainTimeoutMs: 50 });
    expect(String(stdout.read())).toContain('"id":3,"error":{"code":-32000');
  });

  it('stops reading while its answers are not read', async () => {
    await using at = await startWorkspace();
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    const served = serveStdio(at.host, { stdin, stdout });
    stdin.write(`${JSON.stringify(INITIALIZE)}\n`);
    const count = 500;
    for (let id = 2; id < count; id += 1) stdin.write(`${JSON.stringify({ ...LIST, id })}\n`);
    await expect.poll(() => stdin.isPaused(), { timeout: 20_000 }).toBe(true);
    let answered = 0;
    createInterface({ input: stdout }).on('line', () => {
      answered += 1;
    });
    stdin.end();
    await served;
    await expect.poll(() => answered, { timeout: 20_000 }).toBe(count - 1);
  });

  it('accepts messages in chunks of any size', async () => {
    await using at = await startWorkspace();
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    const served = serveStdio(at.host, { stdin, stdout });
    const asked = { ...READ, id: 'Größe 🦜' };
    for (const byte of Buffer.from(`${JSON.stringify(INITIALIZE)}\r\n${JSON.stringify(asked)}\n`)) {
      stdin.write(Buffer.from([byte]));
    }
    stdin.end();
    await served;
    expect(String(stdout.read())).toContain('"id":"Größe 🦜"');
  });
});
