import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { namespace, waitFor } from '@slack-mcp/brokers';
import { createSimulator, type Simulator } from '@slack-mcp/simulator';
import { binOf, type Child, startSource } from '@slack-mcp/test-support/start-command';

const SIGNING_SECRET = '0123456789abcdef0123456789abcdef';
const BOT_TOKEN = 'xoxb-two-processes';
const CHANNELS = ['general', 'random', 'support'];
const MENTIONS = 5;

/** A worker that replies to each mention in its thread, and the queue that it reads. */
export interface TwoProcesses {
  /** The folder of the example. Its dependencies include the backend. */
  readonly folder: URL;
  /** The worker file, in the folder. */
  readonly worker: string;
  /** The group of the worker. */
  readonly group: string;
  /** The worker's reply to a mention. */
  reply(text: string): string;
  readonly backend: string;
  /** The address of the broker. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Runs the webhook server and the worker as two processes, in a simulated workspace. The first mentions come while no
 * worker runs, and wait in the queue. Each mention must get one reply, and the replies of a channel must have the order
 * of its mentions. Both processes must end with 0 on SIGTERM.
 */
export async function runInTwoProcesses(example: TwoProcesses): Promise<void> {
  const { folder, worker, group, reply, backend } = example;
  const simulator = await createSimulator({ signingSecret: SIGNING_SECRET, botToken: BOT_TOKEN });
  const children: Child[] = [];
  const env = {
    QUEUE_BACKEND: backend,
    [`${backend.toUpperCase()}_PREFIX`]: `${namespace('example')}.`,
    QUEUE_GROUPS: group,
    SLACK_API_URL: simulator.url,
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    PORT: '0',
    LOG_FORMAT: 'json',
    ...example.env,
  };
  const start = (packageName: string, name: string, ...args: string[]): Child => {
    const child = startSource(binOf(packageName, name), args, { cwd: fileURLToPath(folder), env });
    children.push(child);
    return child;
  };
  // They must not outlive this program, for example if a test ends it after its time limit.
  process.once('SIGTERM', () => {
    for (const child of children) child.process.kill('SIGKILL');
    process.exit(143);
  });
  try {
    const server = start('server', 'slack-webhook-server');
    const { address } = await server.line((entry) => entry['message'] === 'server_listening');
    await simulator.setEventsUrl(`${address}/slack/events`, { verify: true });
    await mention(simulator, 0);
    console.log('no worker runs: the mentions wait in the queue');

    start('consumer', 'slack-mcp-consumer', '--handlers', worker);
    await mention(simulator, MENTIONS);
    for (const channel of CHANNELS) await checkReplies(simulator, channel, reply);

    for (const child of children) {
      assert.equal(await child.stop(), 0, `a process did not end with 0\n${child.output.join('\n')}`);
    }
  } finally {
    for (const child of children) child.process.kill('SIGKILL');
    await simulator.close();
  }
}

/** Mentions the bot several times in each channel. Resolves when the server has acknowledged all events. */
async function mention(simulator: Simulator, first: number): Promise<void> {
  const { bot } = await simulator.state();
  for (let number = first + 1; number <= first + MENTIONS; number += 1) {
    for (const channel of CHANNELS) {
      await simulator.postMessage('alice', channel, `<@${bot.userId}> order ${number} of #${channel}`);
    }
  }
  await simulator.idle();
  const refused = (await simulator.deliveries()).filter(({ state }) => state !== 'delivered');
  assert.deepEqual(refused, [], 'the server refused events');
}

async function checkReplies(simulator: Simulator, channel: string, reply: (text: string) => string): Promise<void> {
  const { bot } = await simulator.state();
  const byBot = async (own: boolean) =>
    (await simulator.messages(channel)).filter(({ user, thread_ts }) =>
      own ? user === bot.userId : thread_ts === undefined && user !== bot.userId,
    );
  const mentions = (await byBot(false)).filter(({ text }) => text.startsWith(`<@${bot.userId}>`));
  const replies = await waitFor(
    `the replies in #${channel}`,
    async () => {
      const found = await byBot(true);
      return found.length >= mentions.length && found;
    },
    { timeoutMs: 60_000 },
  );
  assert.deepEqual(
    replies.map(({ text, thread_ts }) => [thread_ts, text]),
    mentions.map(({ text, ts }) => [ts, reply(text)]),
  );
  console.log(`#${channel}: ${mentions.length} mentions, ${replies.length} replies, in order`);
}
