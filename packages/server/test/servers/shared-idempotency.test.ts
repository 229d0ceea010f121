import { createFaultProxy, namespace, startRedis } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { createSimulator, SIMULATOR_IDS } from '@slack-mcp/simulator';
import { hang, json, unrulySlack } from '@slack-mcp/test-support';
import { expect, onTestFinished, test } from 'vitest';
import { type RunningCommand, startCommand } from '../support/commands.ts';
import { WITH_BACKENDS } from '../support/replicas.ts';
import { SECRET } from '../support/signed.ts';

const GENERAL = SIMULATOR_IDS.channel;

interface Replica extends RunningCommand {
  /** Posts with a key, and returns the answer of `POST /call_tool`. */
  post(key: string): Promise<unknown>;
}

/** Two servers that share a Redis, as separate processes. */
async function replicas(slackUrl: string, redisUrl: string): Promise<[Replica, Replica]> {
  const env = {
    QUEUE_BACKEND: 'redis',
    REDIS_URL: redisUrl,
    REDIS_PREFIX: `${namespace()}:`,
    SLACK_BOT_TOKEN: 'xoxb-simulator',
    SLACK_API_URL: slackUrl,
    PORT: '0',
  };
  const start = async (): Promise<Replica> => {
    const command = startCommand('slack-mcp-server', {
      args: ['--transport', 'streamable-http'],
      cwd: WITH_BACKENDS,
      env,
    });
    const { address } = await command.logged('server_listening');
    return {
      ...command,
      async post(key) {
        const args = { channel: GENERAL, text: 'Deployed', idempotency_key: key };
        const answer = await fetch(`${String(address)}/call_tool`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ name: 'slack_post_message', arguments: args }),
        });
        return answer.json();
      },
    };
  };
  return Promise.all([start(), start()]);
}

describeWithOwnBroker('replicas that share a Redis', startRedis, (broker) => {
  test('post once for a key, whichever replica receives it', async () => {
    const simulator = await createSimulator({ signingSecret: SECRET });
    onTestFinished(() => simulator.close());
    const before = (await simulator.messages(GENERAL)).length;
    const [one, other] = await replicas(simulator.url, broker.url);
    const answers = await Promise.all([one, other, one, other].map((replica) => replica.post('deploy-42')));
    answers.push(await other.post('deploy-42'));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ structuredContent: { ts: expect.any(String) } });
    expect((await simulator.messages(GENERAL)).length - before).toBe(1);
  }, 60_000);

  test('report an unknown outcome, and do not post again, when the first replica dies during the post', async () => {
    await using slack = await unrulySlack((response, call) =>
      (call.method === 'chat.postMessage' ? hang : json({ ok: true }))(response, call),
    );
    const posts = () => slack.calls.filter(({ method }) => method === 'chat.postMessage');
    const [one, other] = await replicas(slack.url, broker.url);
    const lost = one.post('deploy-43').catch(() => 'lost');
    await expect.poll(() => posts().length, { timeout: 30_000 }).toBe(1);
    const waiting = other.post('deploy-43');
    one.child.kill('SIGKILL');
    expect(await lost).toBe('lost');
    expect(await waiting).toMatchObject({ error: { code: 'idempotency_uncertain' } });
    expect(posts()).toHaveLength(1);
  }, 60_000);

  test('post nothing with a key while Redis is unavailable, and post when it is back', async () => {
    const proxy = await createFaultProxy({ target: broker });
    onTestFinished(() => proxy.close());
    const simulator = await createSimulator({ signingSecret: SECRET });
    onTestFinished(() => simulator.close());
    const before = (await simulator.messages(GENERAL)).length;
    const [one] = await replicas(simulator.url, `redis://${proxy.host}:${proxy.port}`);
    await proxy.close();
    expect(await one.post('deploy-44')).toMatchObject({
      error: { code: 'idempotency_unavailable', message: expect.stringContaining('nothing was posted') },
    });
    expect(await simulator.messages(GENERAL)).toHaveLength(before);
    await proxy.heal();
    await expect
      .poll(() => one.post('deploy-44'), { timeout: 30_000 })
      .toMatchObject({ structuredContent: { ts: expect.any(String) } });
    expect((await simulator.messages(GENERAL)).length - before).toBe(1);
  }, 60_000);
});
