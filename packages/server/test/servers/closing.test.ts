import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { MemoryBackend } from '@slack-mcp/backend-memory';
import { createConsumer } from '@slack-mcp/consumer';
import type { QueueBackend, Worker } from '@slack-mcp/core';
import type { WorkerModule } from '@slack-mcp/slack';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createWebhookServer, type RunningServer, type WebhookServerOptions } from '../../src/index.ts';
import { recordingLogger } from '../support/ingress-server.ts';
import { SECRET, signedHeaders } from '../support/signed.ts';

/** A separate webhook server with an in-memory queue. */
async function serve(options: Partial<WebhookServerOptions> = {}) {
  const logger = recordingLogger();
  const backend = new MemoryBackend({ name: randomUUID(), logger });
  const server = createWebhookServer({
    signingSecret: SECRET,
    port: 0,
    backend: async () => backend,
    logger,
    ...options,
  });
  onTestFinished(() => server.close({ drainTimeoutMs: 0 }).catch(() => {}));
  await server.start();
  return { server, backend, logged: (event: string) => logger.lines.filter((line) => line.includes(`"${event}"`)) };
}

async function deliver(server: RunningServer, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `Ev${index}`);
  for (const id of ids) {
    const body = JSON.stringify({ type: 'event_callback', event_id: id, event: { type: 'app_mention' } });
    const options = { method: 'POST', body, headers: signedHeaders(body) };
    expect((await fetch(`${server.address}/slack/events`, options)).status).toBe(200);
  }
  return ids;
}

const never = new Promise<never>(() => {});

describe('events acknowledged into memory', () => {
  test('are all handled before the worker closes', async () => {
    const handled: string[] = [];
    const worker: WorkerModule = async (context) => {
      const consumer = createConsumer({ group: 'slow', concurrency: 1, ...context });
      consumer.any(async ({ metadata }) => {
        await sleep(5);
        handled.push(metadata.messageId);
      });
      await consumer.start();
      return consumer;
    };
    const { server, logged } = await serve({ worker });
    const ids = await deliver(server, 60);
    await server.close({ drainTimeoutMs: 60_000 });
    expect(handled.toSorted()).toEqual(ids.toSorted());
    expect(logged('queue_messages_lost')).toEqual([]);
  });

  test('are reported if they cannot be handled in the drain time', async () => {
    let closed = false;
    const worker: WorkerModule = ({ backend }) => {
      const subscription = backend.consume({ group: 'stuck', ack: 'manual' });
      void subscription.next();
      return {
        close: async () => {
          closed = true;
        },
      };
    };
    const { server, logged } = await serve({ worker });
    await deliver(server, 3);
    await server.close({ drainTimeoutMs: 200 });
    expect(closed).toBe(true);
    expect(logged('queue_messages_lost')).toEqual([expect.stringContaining('"messages":3')]);
  });

  test('are not waited for after the worker has failed', async () => {
    const gone = Promise.withResolvers<void>();
    const worker: WorkerModule = ({ backend }) => {
      const subscription = backend.consume({ group: 'gone', ack: 'manual' });
      void subscription.next();
      return { closed: gone.promise, close: () => subscription.close({ drainTimeoutMs: 0 }) };
    };
    const { server } = await serve({ worker });
    await deliver(server, 3);
    gone.reject(new Error('the group is gone'));
    await expect(server.closed).rejects.toThrow('the group is gone');
    const started = performance.now();
    await server.close({ drainTimeoutMs: 60_000 });
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});

test('accepts connections during the delay, while it is not ready, and closes each after its answer', async () => {
  const { server } = await serve();
  const closed = server.close({ delayMs: 1_000 });
  const ready = await fetch(`${server.address}/readyz`);
  expect(ready.status).toBe(503);
  expect(ready.headers.get('connection')).toBe('close');
  await deliver(server, 1);
  await closed;
  await expect(fetch(`${server.address}/readyz`)).rejects.toThrow();
});

describe('a part that does not close', () => {
  test('is named in the log and abandoned after the drain time, and the next part still closes', async () => {
    const { server, backend, logged } = await serve({ worker: () => ({ close: () => never }) });
    const started = performance.now();
    await expect(server.close({ drainTimeoutMs: 100 })).rejects.toThrow(/did not close cleanly: worker/);
    expect(performance.now() - started).toBeLessThan(30_000);
    expect(logged('part_not_closed')).toEqual([expect.stringMatching(/^warn .*"part":"worker"/)]);
    expect((await backend.health()).status).toBe('down');
  });

  test('shares one deadline with the others', async () => {
    const left: (number | undefined)[] = [];
    const endless: QueueBackend = Object.assign(new MemoryBackend({ name: randomUUID() }), {
      close: (options?: { drainTimeoutMs?: number }) => {
        left.push(options?.drainTimeoutMs);
        return never;
      },
    });
    const { server, logged } = await serve({ backend: async () => endless, worker: () => ({ close: () => never }) });
    await expect(server.close({ drainTimeoutMs: 100 })).rejects.toThrow(/worker.*backend/);
    // The worker has used all of the time.
    expect(left).toEqual([0]);
    expect(logged('part_not_closed')).toHaveLength(2);
  });

  test('receives the remaining time', async () => {
    const left: (number | undefined)[] = [];
    const worker: Worker = { close: async (options) => void left.push(options?.drainTimeoutMs) };
    const { server } = await serve({ worker: () => worker });
    await server.close({ drainTimeoutMs: 5_000 });
    expect(left[0]).toBeGreaterThan(0);
    expect(left[0]).toBeLessThanOrEqual(5_000);
  });
});

test('warns about a returned worker that was not started, and reports the server as not ready', async () => {
  const worker: WorkerModule = (context) => createConsumer({ group: 'idle', ...context });
  const { server, logged } = await serve({ worker });
  expect(logged('worker_not_started')).toEqual([expect.stringMatching(/^warn .*await consumer\.start\(\)/)]);
  expect(await (await fetch(`${server.address}/health`)).json()).toMatchObject({
    components: { worker: { status: 'down', detail: { state: 'not started' } } },
  });
  expect((await fetch(`${server.address}/readyz`)).status).toBe(503);
});

describe('a worker that stops by itself', () => {
  test('is reported as down, and logged', async () => {
    const ended = Promise.withResolvers<void>();
    const { server, logged } = await serve({ worker: () => ({ closed: ended.promise, close: async () => {} }) });
    expect((await fetch(`${server.address}/readyz`)).status).toBe(200);
    ended.resolve();
    await expect.poll(() => logged('worker_ended')).toEqual([expect.stringMatching(/^warn /)]);
    expect(await (await fetch(`${server.address}/health`)).json()).toMatchObject({
      components: { worker: { status: 'down' } },
    });
  });

  test('is not reported when the server closes it', async () => {
    const ended = Promise.withResolvers<void>();
    const worker: Worker = { closed: ended.promise, close: async () => ended.resolve() };
    const { server, logged } = await serve({ worker: () => worker });
    await server.close();
    expect(logged('worker_ended')).toEqual([]);
  });
});
