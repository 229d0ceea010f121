import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createSimulator } from '@slack-mcp/simulator';

// Runs the worker in the real server for the people of a simulated workspace: a command, a button, a form.
const SIGNING_SECRET = '0123456789abcdef0123456789abcdef';
const DEADLINE_MS = 30_000;

const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const simulator = await createSimulator({
  signingSecret: SIGNING_SECRET,
  botToken: 'xoxb-deploy-bot',
  commandsUrl: `${url}/slack/commands`,
  interactivityUrl: `${url}/slack/interactivity`,
});
const command = new URL('src/bin/slack-integrated-server.ts', import.meta.resolve('@slack-mcp/server/package.json'));
const worker = fileURLToPath(new URL('worker.ts', import.meta.url));
const server = spawn(process.execPath, ['--conditions=@slack-mcp/source', fileURLToPath(command), '--worker', worker], {
  stdio: ['ignore', 'inherit', 'inherit'],
  env: {
    ...process.env,
    SLACK_BOT_TOKEN: 'xoxb-deploy-bot',
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_API_URL: simulator.url,
    QUEUE_BACKEND: 'memory',
    PORT: String(port),
    LOG_LEVEL: 'warn',
  },
});
const ended = once(server, 'close');
// The server must not outlive this program, for example if a test ends it after its time limit.
process.once('SIGTERM', () => {
  server.kill('SIGKILL');
  process.exit(143);
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  assert(typeof address === 'object' && address !== null);
  return address.port;
}

/** The first result of `look` that is not undefined. */
async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + DEADLINE_MS; ; ) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) return found;
    assert.equal(server.exitCode, null, 'the server has exited');
    assert(Date.now() < deadline, `${what}: not within ${DEADLINE_MS} ms`);
    await sleep(20);
  }
}

/** The text of the message in #general that begins with these words. */
const messageWith = (text: string): Promise<string> =>
  eventually(text, async () => (await simulator.messages('general')).find((it) => it.text.includes(text))?.text);

try {
  await eventually('ready', async () => ((await fetch(`${url}/readyz`)).ok ? true : undefined));

  const asked = await simulator.slashCommand({ command: '/deploy', text: 'api', user: 'alice', channel: 'general' });
  assert.equal(asked.status, 200);
  const question = await eventually('the question', async () => (await simulator.responses())[0]?.body);
  assert.equal(question.text, 'Deploy *api* to production?');
  console.log(`alice: /deploy api\n  └ bot, only to her: ${question.text}`);

  await simulator.blockAction({ actionId: 'deploy:yes', value: 'api', user: 'alice', channel: 'general' });
  console.log(`alice presses Deploy\n  └ bot: ${await messageWith('deploys *api*')}`);
  assert.deepEqual((await simulator.responses())[1]?.body, { delete_original: true });

  const { channels, users } = await simulator.state();
  const general = channels.find(({ name }) => name === 'general');
  const bob = users.find(({ name }) => name === 'bob');
  await simulator.interact({
    type: 'view_submission',
    user: { id: bob?.id, name: 'bob' },
    view: {
      id: 'V1',
      type: 'modal',
      callback_id: 'release_notes',
      private_metadata: general?.id,
      state: { values: { notes: { text: { type: 'plain_text_input', value: 'Deploys by button' } } } },
    },
  });
  console.log(`bob submits the form\n  └ bot: ${await messageWith('has released')}`);

  server.kill('SIGTERM');
  const [code] = await ended;
  assert.equal(code, 0, `the server exited with ${code}`);
} finally {
  server.kill('SIGKILL');
  await ended;
  await simulator.close();
}
