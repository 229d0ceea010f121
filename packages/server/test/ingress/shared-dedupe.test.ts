import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openDedupeStore } from '@slack-mcp/backend-redis/dedupe-store';
import { namespace, type StartedBroker, startRedis } from '@slack-mcp/brokers';
import { describeWithBroker, describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { ConnectionError, type Env, type QueueBackend } from '@slack-mcp/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createWebhookServer } from '../../src/index.ts';
import { forgetfulBackend } from '../support/forgetful-backend.ts';
import { SECRET, signedHeaders } from '../support/signed.ts';

const fails = () => Promise.reject(new ConnectionError('the broker is unavailable', { retryable: true }));

async function send(address: string, id: string, headers: Record<string, string> = {}): Promise<number> {
  const event = { type: 'app_mention', channel: 'C1' };
  const body = JSON.stringify({ type: 'event_callback', event_id: id, event });
  const signed = { ...signedHeaders(body), ...headers };
  return (await fetch(`${address}/slack/events`, { method: 'POST', body, headers: signed })).status;
}

/** One of several servers in front of one backend, with a shared store. */
async function replica(backend: QueueBackend, env: Env): Promise<string> {
  const dedupe = async () => openDedupeStore(env);
  const server = createWebhookServer({ signingSecret: SECRET, port: 0, backend, dedupe });
  onTestFinished(() => server.close({ drainTimeoutMs: 0 }));
  await server.start();
  return server.address;
}

async function replicas(broker: { readonly env: Env }) {
  const forgetful = forgetfulBackend();
  const env = { ...broker.env, REDIS_PREFIX: `${namespace()}:` };
  const [one, other] = await Promise.all([replica(forgetful.backend, env), replica(forgetful.backend, env)]);
  return { ...forgetful, env, one, other };
}

describeWithBroker('redis', (broker) => {
  test('publishes an event once when both receive it at the same time', async () => {
    const { one, other, stored } = await replicas(broker);
    const ids = Array.from({ length: 20 }, (_, n) => `Ev${n}`);
    const statuses = await Promise.all(ids.flatMap((id) => [send(one, id), send(other, id)]));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(stored.sort()).toEqual(ids.sort());
  });

  test('publishes a retry on the other server after a failure, and on neither after a success', async () => {
    const { one, other, stored, outcomes } = await replicas(broker);
    outcomes.push(fails, fails);
    expect([await send(one, 'Ev1'), await send(other, 'Ev1')]).toEqual([503, 503]);
    expect([await send(one, 'Ev1'), await send(other, 'Ev1'), await send(one, 'Ev1')]).toEqual([200, 200, 200]);
    expect(stored).toEqual(['Ev1']);
  });

  test('publishes on the waiting server when the other one fails', async () => {
    const { one, other, stored, outcomes } = await replicas(broker);
    const gate = Promise.withResolvers<void>();
    const publishing = vi.fn(() => gate.promise);
    outcomes.push(publishing);
    const first = send(one, 'Ev1');
    await vi.waitFor(() => expect(publishing).toHaveBeenCalled(), 10_000);
    const second = send(other, 'Ev1');
    gate.reject(new ConnectionError('lost'));
    expect(await Promise.all([first, second])).toEqual([503, 200]);
    expect(stored).toEqual(['Ev1']);
  });

  test('does not block a redrive', async () => {
    const { one, other, stored, backend } = await replicas(broker);
    expect(await send(one, 'Ev1')).toBe(200);
    const subscription = backend.consume({ group: 'workers' });
    onTestFinished(() => subscription.close());
    const parked = (await subscription.next()).value;
    await parked?.deadLetter({ code: 'NOT_YET' });
    expect(await backend.deadLetters({ group: 'workers' }).redrive('all')).toBe(1);
    const again = (await subscription.next()).value;
    expect(again?.payload).toEqual(parked?.payload);
    await again?.ack();
    expect([await send(other, 'Ev1'), stored]).toEqual([200, ['Ev1']]);
  });

  test('publishes on the next replica what a killed replica was publishing', async () => {
    const { one, stored, env } = await replicas(broker);
    const file = fileURLToPath(new URL('../fixtures/stuck-server.ts', import.meta.url));
    const child = spawn(process.execPath, ['--conditions=@slack-mcp/source', file], {
      env: { ...process.env, ...env, SLACK_SIGNING_SECRET: SECRET, SLACK_EVENTS_DEDUPE: 'redis' },
      // The server looks for the store in the dependencies of this package.
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const address = String((await lines.next()).value);
    const answer = send(address, 'Ev1').catch(() => 'no answer');
    expect((await lines.next()).value).toBe('publishing');
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(await answer).toBe('no answer');
    // Slack's retries: the claim outlives its owner by at most 3 s.
    await expect.poll(() => send(one, 'Ev1', { 'x-slack-retry-num': '1' }), { timeout: 30_000 }).toBe(200);
    expect(stored).toEqual(['Ev1']);
  });
});

describeWithOwnBroker('a Redis server that stops', startRedis, (broker: StartedBroker) => {
  test('lets events pass without it, and removes duplicates again when it returns', async () => {
    const { one, other, stored } = await replicas(broker);
    expect(await send(one, 'Ev1')).toBe(200);
    await broker.kill();
    expect([await send(one, 'Ev2'), await send(other, 'Ev3')]).toEqual([200, 200]);
    const health = async () => {
      const answer = await fetch(`${one}/health`);
      return [answer.status, ((await answer.json()) as { components: object }).components];
    };
    await expect
      .poll(health, { timeout: 20_000 })
      .toMatchObject([200, { queue_backend: { status: 'up' }, dedupe: { status: 'degraded' } }]);
    await broker.restart();
    let n = 3;
    await expect
      .poll(
        async () => {
          n += 1;
          const id = `Ev${n}`;
          await send(one, id);
          await send(other, id);
          return stored.filter((each) => each === id).length;
        },
        { timeout: 60_000 },
      )
      .toBe(1);
  });
});
