import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createSimulator } from '@slack-mcp/simulator';

// Runs the quickstart against a simulated workspace: the real command, configured as for a real workspace.
const SIGNING_SECRET = '0123456789abcdef0123456789abcdef';
const DEADLINE_MS = 30_000;

const simulator = await createSimulator({ signingSecret: SIGNING_SECRET, botToken: 'xoxb-quickstart' });
const command = new URL('src/bin/slack-integrated-server.ts', import.meta.resolve('@slack-mcp/server/package.json'));
const server = spawn(
  process.execPath,
  [
    '--conditions=@slack-mcp/source',
    fileURLToPath(command),
    '--worker',
    fileURLToPath(new URL('worker.mts', import.meta.url)),
  ],
  {
    stdio: ['ignore', 'inherit', 'pipe'],
    env: {
      ...process.env,
      SLACK_BOT_TOKEN: 'xoxb-quickstart',
      SLACK_SIGNING_SECRET: SIGNING_SECRET,
      SLACK_API_URL: simulator.url,
      QUEUE_BACKEND: 'memory',
      PORT: '0',
      LOG_FORMAT: 'json',
      LOG_LEVEL: 'info',
    },
  },
);
const ended = once(server, 'close');
// The server must not outlive this program, for example if a test ends it after its time limit.
process.once('SIGTERM', () => {
  server.kill('SIGKILL');
  process.exit(143);
});

/** The address from the line that the server prints when it has started. */
async function address(): Promise<string> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: server.stderr })) {
    lines.push(line);
    const entry = JSON.parse(line.startsWith('{') ? line : '{}') as { message?: string; address?: string };
    if (entry.message === 'server_listening' && entry.address) return entry.address;
  }
  throw new Error(`the server did not start:\n${lines.join('\n')}`);
}

/** The replies to a message, as soon as there are any. */
async function repliesTo(ts: string): Promise<string[]> {
  for (const deadline = Date.now() + DEADLINE_MS; ; ) {
    const thread = (await simulator.messages('general')).filter((it) => it.thread_ts === ts && it.ts !== ts);
    if (thread.length > 0) return thread.map(({ text }) => text);
    if (Date.now() > deadline) throw new Error(`no reply within ${DEADLINE_MS} ms`);
    await sleep(20);
  }
}

try {
  const url = await address();
  server.stderr.resume();
  await simulator.setEventsUrl(`${url}/slack/events`, { verify: true });

  const { bot, users } = await simulator.state();
  const alice = users.find(({ name }) => name === 'alice');
  const mention = await simulator.postMessage('alice', 'general', `<@${bot.userId}> are you there?`);
  const replies = await repliesTo(mention.ts);

  assert.deepEqual(replies, [`Hello <@${alice?.id}>!`]);
  console.log(`alice: ${mention.text}\n  └ bot: ${replies[0]}`);

  server.kill('SIGTERM');
  const [code] = await ended;
  assert.equal(code, 0, `the server exited with ${code}`);
} finally {
  server.kill('SIGKILL');
  await ended;
  await simulator.close();
}
