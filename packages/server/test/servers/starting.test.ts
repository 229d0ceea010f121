import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort } from '@slack-mcp/brokers';
import type { WorkerModule } from '@slack-mcp/slack';
import { expect, onTestFinished, test } from 'vitest';
import { createWebhookServer } from '../../src/index.ts';
import { errorOf, memoryBackend } from '../support/ingress-server.ts';
import { SECRET } from '../support/signed.ts';

async function takenPort(): Promise<number> {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  return (other.address() as { port: number }).port;
}

test('detects a port in use before it opens anything', async () => {
  let loaded = 0;
  const backend = async () => {
    loaded += 1;
    return memoryBackend();
  };
  const server = createWebhookServer({ signingSecret: SECRET, port: await takenPort(), backend });
  await expect(server.start()).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect(loaded).toBe(0);
});

test('starts the worker once the port is bound, and asks clients to retry until then', async () => {
  const port = await freePort();
  const seen: Response[] = [];
  const worker: WorkerModule = async () => {
    for (const [path, method] of [
      ['/slack/events', 'POST'],
      ['/healthz', 'GET'],
      ['/readyz', 'GET'],
    ] as const) {
      seen.push(await fetch(`http://127.0.0.1:${port}${path}`, { method }));
    }
    return { close: async () => {} };
  };
  const server = createWebhookServer({ signingSecret: SECRET, port, backend: memoryBackend(), worker });
  onTestFinished(() => server.close({ drainTimeoutMs: 0 }));
  await server.start();
  expect(seen.map(({ status }) => status)).toEqual([503, 200, 503]);
  expect(seen[0]?.headers.get('retry-after')).toBe('1');
  expect(seen[0]?.headers.get('x-slack-no-retry')).toBeNull();
  expect((await errorOf(seen[0] as Response))['code']).toBe('starting');
  expect((await fetch(`${server.address}/slack/events`, { method: 'POST' })).status).toBe(401);
  expect((await fetch(`${server.address}/readyz`)).status).toBe(200);
});
