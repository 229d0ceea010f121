import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSimulator, SIMULATOR_IDS } from '@slack-mcp/simulator';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  type CommandName,
  hostedCommands,
  type RunningCommand,
  runCommand,
  startCommand,
  temporaryFolder,
} from '../support/commands.ts';
import { SECRET, signedHeaders } from '../support/signed.ts';
import { TOOL_NAMES } from '../support/tool-names.ts';

const ENV = {
  SLACK_BOT_TOKEN: 'xoxb-simulator',
  SLACK_SIGNING_SECRET: SECRET,
  QUEUE_BACKEND: 'memory',
  QUEUE_GROUPS: 'workers',
  PORT: '0',
};
const BODY = JSON.stringify({ type: 'event_callback', event_id: 'Ev1', event: { type: 'app_mention', channel: 'C1' } });

const runHosted = hostedCommands();

async function listening(command: RunningCommand): Promise<string> {
  const { address } = await command.logged('server_listening');
  return address as string;
}

function deliver(address: string): Promise<Response> {
  return fetch(`${address}/slack/events`, { method: 'POST', body: BODY, headers: signedHeaders(BODY) });
}

/** A worker file in its own folder. */
function workerFile(source: string): string {
  const file = join(temporaryFolder(), 'worker.ts');
  writeFileSync(file, source);
  return file;
}

describe('starting and stopping', () => {
  test.each<[CommandName, string[], string[]]>([
    ['slack-integrated-server', [], ['/health', '/list_tools', '/metrics']],
    ['slack-webhook-server', [], ['/health', '/metrics']],
    ['slack-mcp-server', ['--transport', 'both'], ['/health', '/list_tools']],
    ['slack-mcp', ['integrated'], ['/list_tools']],
    ['slack-mcp', ['webhook'], ['/health']],
    ['slack-mcp', ['mcp', '--transport=sse'], ['/list_tools']],
  ])('%s %j reports its address, answers, and exits with 0 on SIGTERM', async (name, args, paths) => {
    const command = startCommand(name, { args, env: ENV });
    const address = await listening(command);
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    for (const path of paths) expect([path, (await fetch(`${address}${path}`)).status]).toEqual([path, 200]);
    command.child.kill('SIGTERM');
    const { code, stdout, stderr } = await command.ended;
    expect([code, stdout]).toEqual([0, '']);
    for (const secret of [SECRET, ENV.SLACK_BOT_TOKEN]) expect(stderr).not.toContain(secret);
  });

  test('exits on SIGINT as well, and has warned about a variable that it does not know', async () => {
    const command = startCommand('slack-webhook-server', { env: { ...ENV, SLACK_MCP_FOOBAR: '1' } });
    await listening(command);
    command.child.kill('SIGINT');
    const { code, stderr } = await command.ended;
    expect(code).toBe(0);
    expect(stderr).toMatch(/"level":"warn".*"name":"SLACK_MCP_FOOBAR","message":"unknown_variable"/);
  });

  test.skipIf(process.platform === 'win32')('ends when npx, which passes no signal on, has ended', async () => {
    const npx = startCommand('slack-webhook-server', { env: ENV, npx: true });
    await listening(npx);
    npx.child.kill('SIGTERM');
    const { stderr } = await npx.ended;
    expect(stderr).toMatch(/"reason":"npx_ended","message":"server_closing"/);
    expect(stderr).toMatch(/"requests":0,"unanswered":0,"message":"server_closed"/);
  });

  test.each(['slack-integrated-server', 'slack-webhook-server'] as const)(
    '%s reports that its port is in use and exits with 1',
    async (name) => {
      const other = createServer().listen(0, '127.0.0.1');
      onTestFinished(() => void other.close());
      await vi.waitFor(() => expect(other.listening).toBe(true), 20_000);
      const { port } = other.address() as { port: number };
      const { QUEUE_BACKEND: _, ...env } = ENV;
      const { code, stderr } = await runHosted(name, { args: ['--port', String(port)], env });
      expect(stderr).toMatch(new RegExp(`^${name}: port ${port} on 127\\.0\\.0\\.1 is already in use: .*--port.*$`));
      expect(code).toBe(1);
    },
  );

  test('rejects a host that does not belong to this machine', async () => {
    const args = ['--host', '192.0.2.1', '--log-level', 'silent'];
    const { code, stderr } = await runHosted('slack-webhook-server', { args, env: ENV });
    expect(stderr).toMatch(/192\.0\.2\.1 is not an address of this machine.*--host/);
    expect(code).toBe(1);
  });

  test('flags override the environment, which overrides .env', async () => {
    const cwd = temporaryFolder();
    writeFileSync(
      join(cwd, '.env'),
      `SLACK_SIGNING_SECRET=${SECRET}\nLOG_LEVEL=loud\nMCP_MOUNT_PATH=/below\nPORT=99999\n`,
    );
    const { SLACK_SIGNING_SECRET: _, ...env } = ENV;
    const command = startCommand('slack-integrated-server', {
      args: ['--mount-path', '/above'],
      env: { ...env, LOG_LEVEL: 'INFO', MCP_MOUNT_PATH: '/beside' },
      cwd,
    });
    const address = await listening(command);
    expect((await deliver(address)).status).toBe(200);
    const statuses = ['/above', '/beside', '/below'].map(async (path) => (await fetch(`${address}${path}`)).status);
    expect(await Promise.all(statuses)).toEqual([400, 404, 404]);
  });

  test('--dotenv selects another file', async () => {
    const cwd = temporaryFolder();
    writeFileSync(
      join(cwd, 'production.env'),
      Object.entries(ENV)
        .map((pair) => pair.join('='))
        .join('\n'),
    );
    const command = startCommand('slack-integrated-server', { args: ['--dotenv', 'production.env'], cwd });
    expect((await deliver(await listening(command))).status).toBe(200);
  });

  test('LOG_FORMAT=text writes readable lines', async () => {
    const command = startCommand('slack-mcp-server', { env: { ...ENV, LOG_FORMAT: 'text' } });
    command.child.stdin.end();
    expect((await command.ended).stderr).toMatch(
      new RegExp(
        String.raw`^\d\d:\d\d:\d\d\.\d{3} INFO {2}server_listening transport=stdio tools=${TOOL_NAMES.length}$`,
        'm',
      ),
    );
  });
});

describe('--worker', () => {
  test('answers a mention through the simulated workspace', async () => {
    const simulator = await createSimulator({ signingSecret: SECRET, timeScale: 60 });
    onTestFinished(() => simulator.close());
    const file = fileURLToPath(new URL('../support/worker-replies.ts', import.meta.url));
    const command = startCommand('slack-integrated-server', {
      args: ['--worker', file],
      env: { ...ENV, SLACK_API_URL: simulator.url },
    });
    await simulator.setEventsUrl(`${await listening(command)}/slack/events`, { verify: true });
    await simulator.postMessage('alice', SIMULATOR_IDS.channel, `<@${SIMULATOR_IDS.botUser}> hello`);
    await vi.waitFor(async () => {
      const texts = (await simulator.messages(SIMULATOR_IDS.channel)).map(({ text }) => text);
      expect(texts.filter((text) => text === 'At your service.')).toHaveLength(1);
    }, 20_000);
  });

  test('finishes an event in flight at SIGTERM before the process exits', async () => {
    const marker = join(temporaryFolder(), 'handled');
    const worker = workerFile(`
      import { existsSync, writeFileSync } from 'node:fs';
      export default ({ backend, logger }) => {
        const subscription = backend.consume({ group: 'workers', ack: 'manual' });
        const loop = (async () => {
          for await (const message of subscription) {
            logger.info({}, 'event_in_hand');
            while (!closing) await new Promise((resolve) => setTimeout(resolve, 5));
            writeFileSync(${JSON.stringify(marker)}, message.metadata.messageId);
            await message.ack();
            logger.info({}, 'event_finished');
          }
        })();
        let closing = false;
        process.once('SIGTERM', () => { closing = true; });
        return { close: async () => { await subscription.close(); await loop; } };
      };
    `);
    const command = startCommand('slack-integrated-server', { args: ['--worker', worker], env: ENV });
    const address = await listening(command);
    expect((await deliver(address)).status).toBe(200);
    await command.logged('event_in_hand');
    command.child.kill('SIGTERM');
    await command.logged('event_finished');
    expect((await command.ended).code).toBe(0);
  });

  test('exits at once on a second signal', async () => {
    const worker = workerFile(`
      export default ({ logger }) => ({ close: () => { logger.info({}, 'closing_forever'); return new Promise(() => {}); } });
    `);
    const command = startCommand('slack-webhook-server', { args: ['--worker', worker], env: ENV });
    await listening(command);
    command.child.kill('SIGTERM');
    await command.logged('closing_forever');
    command.child.kill('SIGTERM');
    expect((await command.ended).code).toBe(143);
  });

  test('exits with 1 when the worker cannot continue', async () => {
    const worker = workerFile(`
      export default () => {
        const { promise, reject } = Promise.withResolvers();
        setTimeout(reject, 50, new Error('the group is gone'));
        return { closed: promise, close: async () => {} };
      };
    `);
    const { code, stderr } = await runCommand('slack-webhook-server', { args: ['--worker', worker], env: ENV });
    expect(stderr).toMatch(/slack-webhook-server: the group is gone$/);
    expect(code).toBe(1);
  });

  test('exits with 1 after the given time when a worker never closes', async () => {
    const worker = workerFile('export default () => ({ close: () => new Promise(() => {}) });');
    const env = { ...ENV, SHUTDOWN_TIMEOUT_MS: '1' };
    const command = startCommand('slack-webhook-server', { args: ['--worker', worker], env });
    await listening(command);
    const asked = performance.now();
    command.child.kill('SIGTERM');
    const { code, stderr } = await command.ended;
    // The default, plus the grace period, would be 12 seconds.
    expect(performance.now() - asked).toBeLessThan(11_000);
    expect(stderr).toMatch(/"part":"worker".*part_not_closed/);
    expect(stderr).toMatch(/\nslack-webhook-server: some components did not close cleanly: worker .*$/);
    expect(code).toBe(1);
  });

  test.each([
    ['throws', 'setTimeout(() => { throw new TypeError("no such\\nthing"); }, 50)', 'TypeError', /no such thing$/],
    ['rejects', 'Promise.reject(new RangeError("too far"))', 'RangeError', /too far$/],
    ['rejects with a value that is not an error', 'Promise.reject("a word")', 'unknown', /a word$/],
  ])('exits with 1 after draining when a worker %s without a handler', async (_what, code, name, last) => {
    const worker = workerFile(`
      export default ({ logger }) => {
        void ${code};
        return { close: async () => logger.info({}, 'worker_closed_in_order') };
      };
    `);
    const ended = await runCommand('slack-webhook-server', { args: ['--worker', worker], env: ENV });
    const lines = ended.stderr.split('\n');
    expect(lines.filter((line) => line.includes('process_failed'))).toEqual([
      expect.stringMatching(new RegExp(`^{"level":"error".*"name":"${name}"`)),
    ]);
    expect(lines.at(-1)).toMatch(last);
    expect(lines.at(-1)).toMatch(/^slack-webhook-server: /);
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/^{.*}$/);
    expect(ended.stderr).toMatch(/worker_closed_in_order[\s\S]*server_closed/);
    expect(ended.code).toBe(1);
  });

  test.each([
    [
      'rejects',
      'export default async () => { throw new Error("no database"); };',
      /--worker .*did not start: no database$/,
      1,
    ],
    ['returns nothing', 'export default () => {};', /--worker .*must return a worker: an object with close\(\).*$/, 2],
  ])('rejects a worker that %s at startup', async (_what, source, expected, exitCode) => {
    const { code, stderr } = await runHosted('slack-integrated-server', {
      args: ['--worker', workerFile(source)],
      env: ENV,
    });
    expect(stderr).toMatch(expected);
    expect(code).toBe(exitCode);
  });

  test('without a worker, warns about a queue that only this process can read', async () => {
    const command = startCommand('slack-webhook-server', { env: ENV });
    expect(await command.logged('queue_has_no_reader')).toMatchObject({ level: 'warn', backend: 'memory' });
  });
});

test.each(['slack-webhook-server', 'slack-integrated-server'] as const)(
  '%s --socket-mode receives without a signing secret, and responds with the worker file’s responders',
  async (name) => {
    const simulator = await createSimulator({ signingSecret: SECRET, socketMode: true, timeScale: 60 });
    onTestFinished(() => simulator.close());
    const worker = workerFile(`
      export default ({ backend, logger }) => {
        const subscription = backend.consume({ group: 'workers' });
        const loop = (async () => {
          for await (const { metadata } of subscription) logger.info({ kind: metadata.headers.kind }, 'handled');
        })();
        return { close: async () => { await subscription.close(); await loop; } };
      };
      export const respond = { onCommand: ({ text }) => ({ text: 'heard ' + text }) };
    `);
    const { SLACK_SIGNING_SECRET: _, ...env } = ENV;
    const command = startCommand(name, {
      args: ['--socket-mode', '--worker', worker],
      env: { ...env, SLACK_APP_TOKEN: 'xapp-simulator', SLACK_API_URL: simulator.url },
    });
    await listening(command);
    expect(await simulator.slashCommand({ command: '/x', text: 'it' })).toMatchObject({ answer: { text: 'heard it' } });
    expect(await command.logged('handled')).toMatchObject({ kind: 'slash_command' });
    command.child.kill('SIGTERM');
    const { code, stderr } = await command.ended;
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/xapp-|ticket/);
  },
);

test.each([
  ['export const respond = 5;', /"respond" must be an object with functions named onViewSubmission/],
  ['export const respond = { onComand() {} };', /"respond" must be an object with functions named/],
])('rejects a worker file with %s', async (line, expected) => {
  const worker = workerFile(`export default () => ({ close: async () => {} }); ${line}`);
  const { code, stderr } = await runHosted('slack-webhook-server', { args: ['--worker', worker], env: ENV });
  expect(stderr).toMatch(expected);
  expect(code).toBe(2);
});

describe('a backend', () => {
  /** An application that depends on a backend whose broker refuses the connection. */
  function refusingApplication(): string {
    const folder = temporaryFolder();
    const backend = join(folder, 'node_modules', 'backend-refusing');
    mkdirSync(backend, { recursive: true });
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name: 'app', dependencies: { 'backend-refusing': '1.0.0', 'backend-broken': '1.0.0' } }),
    );
    mkdirSync(join(folder, 'node_modules/backend-broken'), { recursive: true });
    writeFileSync(
      join(folder, 'node_modules/backend-broken/package.json'),
      JSON.stringify({ name: 'backend-broken', 'slack-mcp': { queueBackend: 'Broken' } }),
    );
    writeFileSync(
      join(backend, 'package.json'),
      JSON.stringify({
        name: 'backend-refusing',
        version: '1.0.0',
        type: 'module',
        exports: { '.': './index.js', './package.json': './package.json' },
        'slack-mcp': { queueBackend: 'refusing', apiVersion: 1 },
      }),
    );
    writeFileSync(
      join(backend, 'index.js'),
      `class Refusing {
        static fromEnv() { return new Refusing(); }
        name = 'refusing';
        capabilities = { scope: 'network', persistent: true, ordering: 'none', idempotentPublish: false,
          retainsWithoutGroup: true, patterns: false, retryCount: 'exact', settlement: 'individual', maxPayloadBytes: null };
        async publish() {}
        consume() {
          const ready = Promise.reject(new Error('the broker refuses the password of user slack'));
          ready.catch(() => {});
          return { ready, close: async () => {}, next: async () => ({ done: true }), return: async () => ({ done: true }),
            [Symbol.asyncIterator]() { return this; } };
        }
        deadLetters() { return {}; }
        async health() { return { status: 'down', detail: {} }; }
        async close() {}
        async [Symbol.asyncDispose]() {}
      }
      export default { apiVersion: 1, name: 'refusing', env: [], Backend: Refusing };`,
    );
    return folder;
  }

  test('exits with 1 when the broker refuses the server', async () => {
    const cwd = refusingApplication();
    const env = { ...ENV, QUEUE_BACKEND: 'refusing' };
    const { code, stderr } = await runHosted('slack-integrated-server', { env, cwd });
    expect(stderr).toMatch(/slack-integrated-server: the broker refuses the password of user slack$/);
    expect(stderr).not.toMatch(/server_listening/);
    expect(code).toBe(1);
  });

  test('uses a backend that the application depends on, without naming it', async () => {
    const cwd = refusingApplication();
    const { stdout, code } = await runHosted('slack-mcp', { args: ['backends', 'list'], cwd });
    expect(stdout).toMatch(/^refusing +installed +backend-refusing 1\.0\.0$/m);
    expect(stdout).toMatch(/^broken +invalid +backend-broken: slack-mcp\.queueBackend .* is not a valid backend name/m);
    expect(stdout).toMatch(/^memory +installed +@slack-mcp\/backend-memory /m);
    expect(stdout).toMatch(/^redis +available +npm install @slack-mcp\/backend-redis$/m);
    expect(stdout).toMatch(/^rabbitmq +available +npm install @slack-mcp\/backend-rabbitmq$/m);
    expect(code).toBe(0);
    const { QUEUE_BACKEND: _, ...env } = ENV;
    expect((await runCommand('slack-webhook-server', { env, cwd })).stderr).toMatch(/"reason":"dependency"/);
  });
});
