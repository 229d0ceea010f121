import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { RedisBackend } from '@slack-mcp/backend-redis';
import { namespace } from '@slack-mcp/brokers';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { createSimulator, SIMULATOR_IDS } from '@slack-mcp/simulator';
import { expect, onTestFinished, test } from 'vitest';
import { createClient } from '../mcp/support/connect-client.ts';
import { startReplicas } from '../support/replicas.ts';
import { SECRET, signedHeaders } from '../support/signed.ts';

const ROUNDS = 20;

describeWithBroker('redis', (broker) => {
  test('three replicas answer MCP calls and store each event and post each key once, also when one of them is killed', async () => {
    const simulator = await createSimulator({ signingSecret: SECRET });
    onTestFinished(() => simulator.close());
    const prefix = `${namespace()}:`;
    const { replicas, proxy } = await startReplicas({
      ...broker.env,
      REDIS_PREFIX: prefix,
      QUEUE_GROUPS: 'bot',
      MCP_CALLS_PER_MINUTE: '0',
      SLACK_BOT_TOKEN: 'xoxb-simulator',
      SLACK_API_URL: simulator.url,
    });

    const client = createClient();
    await client.connect(new StreamableHTTPClientTransport(new URL(`${proxy.url}/mcp`)));
    onTestFinished(() => client.close());
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('slack_read_emojis');

    async function call(): Promise<void> {
      const ask = () => client.callTool({ name: 'slack_read_emojis', arguments: {} });
      // A reading call can be repeated; the killed replica answers its calls in flight with nothing.
      expect((await ask().catch(ask)).isError).toBeFalsy();
    }
    /** Posts with a key, and repeats the call as a client does that received no answer. */
    async function post(key: string): Promise<void> {
      const args = { channel: SIMULATOR_IDS.channel, text: key, idempotency_key: key };
      const ask = () => client.callTool({ name: 'slack_post_message', arguments: args });
      await Promise.all([ask().catch(ask), ask().catch(ask)]);
    }
    async function deliver(id: string): Promise<number> {
      const body = JSON.stringify({
        type: 'event_callback',
        event_id: id,
        event: { type: 'app_mention', channel: 'C1' },
      });
      const request = { method: 'POST', body, headers: signedHeaders(body) };
      // A connection that breaks is no answer.
      return fetch(`${proxy.url}/slack/events`, request).then(
        ({ status }) => status,
        () => 0,
      );
    }
    /** Delivers an event until it is accepted twice, as Slack does when an answer is lost. */
    async function deliverTwice(id: string): Promise<void> {
      // The killed replica answers its requests in flight with nothing, and the event comes again.
      for (let accepted = 0; accepted < 2; ) if ((await deliver(id)) === 200) accepted += 1;
    }

    const ids = Array.from({ length: 2 * ROUNDS }, (_, index) => `Ev${index}`);
    const keys = ['deploy-1', 'deploy-2', 'deploy-3'];
    await Promise.all([...ids.slice(0, ROUNDS).flatMap((id) => [call(), deliverTwice(id)]), ...keys.map(post)]);
    expect(proxy.served.every((count) => count > 0)).toBe(true);
    const laterKeys = ['deploy-4', 'deploy-5', 'deploy-6'];
    const rest = [...ids.slice(ROUNDS).flatMap((id) => [call(), deliverTwice(id)]), ...laterKeys.map(post)];
    replicas[0]?.child.kill('SIGKILL');
    await Promise.all(rest);
    await replicas[0]?.ended;
    await Promise.all([call(), call(), call(), ...keys.map(post)]);
    const texts = (await simulator.messages(SIMULATOR_IDS.channel)).map(({ text }) => String(text));
    expect(texts.filter((text) => keys.includes(text)).toSorted()).toEqual(keys);
    // The killed replica may or may not have posted its key in flight, but no other replica posts that key again.
    const later = texts.filter((text) => laterKeys.includes(text));
    expect(later).toHaveLength(new Set(later).size);

    const backend = new RedisBackend({
      ...(broker.env['REDIS_URL'] && { url: broker.env['REDIS_URL'] }),
      prefix,
      groups: ['bot'],
    });
    onTestFinished(() => backend.close({ drainTimeoutMs: 0 }));
    await deliverTwice('last');
    const stored: string[] = [];
    for await (const { payload } of backend.consume({ group: 'bot' })) {
      stored.push(String(payload['event_id']));
      if (payload['event_id'] === 'last') break;
    }
    expect(stored.toSorted()).toEqual([...ids, 'last'].toSorted());
  }, 180_000);
});
