import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RedisBackend } from '@slack-mcp/backend-redis';
import { freePort, type StartedBroker, startRedis } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { expect, onTestFinished, test, vi } from 'vitest';
import { binOf, type Child, startSource } from '../../test-support/src/start-command.ts';
import { compareQueue, sendChannels } from '../src/spool-under-kill.ts';

const SECRET = 'spool-under-kill-secret';

/** More rounds for a longer proof. */
const ROUNDS = Number(process.env['SPOOL_ROUNDS'] ?? 1);

const start = (): Promise<StartedBroker> => startRedis({ appendfsync: 'always' });

describeWithOwnBroker('a server with a spool', start, (broker) => {
  test.for(Array.from({ length: ROUNDS }, (_, seed) => seed))(
    'loses no event and keeps their order in two outages, while it and the broker are killed (seed %i)',
    { timeout: 300_000 },
    async (seed) => {
      const random = seededRandom(seed);
      const folder = mkdtempSync(join(tmpdir(), 'spool-kill-'));
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      const prefix = `spool-${seed}:`;
      const port = await freePort();
      const address = `http://127.0.0.1:${port}`;
      const env = {
        PORT: String(port),
        QUEUE_BACKEND: 'redis',
        QUEUE_GROUPS: 'bot',
        REDIS_URL: broker.url,
        REDIS_PREFIX: prefix,
        SLACK_SIGNING_SECRET: SECRET,
        SLACK_MCP_SPOOL_DIR: join(folder, 'spool'),
      };
      const cwd = new URL('..', import.meta.url).pathname;
      const startServer = async (): Promise<Child> => {
        const child = startSource(binOf('server', 'slack-webhook-server'), [], { env, cwd });
        onTestFinished(() => void child.process.kill('SIGKILL'));
        await child.line((entry) => entry['message'] === 'server_listening');
        return child;
      };
      const killServer = async (): Promise<void> => {
        const exit = once(server.process, 'exit');
        server.process.kill('SIGKILL');
        await exit;
      };
      const spoolIsEmpty = async (): Promise<void> => {
        await vi.waitFor(async () => {
          const { components } = (await (await fetch(`${address}/health`)).json()) as {
            components: { spool: { status: string } };
          };
          expect(components.spool.status).toBe('up');
        }, 60_000);
      };
      let server = await startServer();
      const sender = sendChannels(address, SECRET);

      await sender.accepted(10);
      await broker.kill();
      await sender.accepted(20 + Math.floor(random() * 20));
      await broker.restart();
      // The second outage finds the folder as the first one left it.
      await spoolIsEmpty();
      await killServer();
      server = await startServer();

      await sender.accepted(10);
      await broker.kill();
      // The spool takes events while the broker is away.
      await sender.accepted(20 + Math.floor(random() * 30));
      const health = await (await fetch(`${address}/health`)).json();
      expect(health).toMatchObject({ components: { spool: { status: 'degraded' } } });
      expect((await fetch(`${address}/readyz`)).status).toBe(200);
      await killServer();
      server = await startServer();
      await sender.accepted(20 + Math.floor(random() * 30));
      await broker.restart();
      await sleep(random() * 2_000);
      await killServer();
      server = await startServer();
      await sender.accepted(20);

      const sent = await sender.end();
      await spoolIsEmpty();
      expect(await server.stop()).toBe(0);
      const backend = new RedisBackend({ url: broker.url, prefix, groups: ['bot'] });
      onTestFinished(() => backend.close({ drainTimeoutMs: 0 }));
      expect(await compareQueue(backend, 'bot', sent)).toEqual({ lost: [], overtaken: [], duplicates: 0 });
    },
  );
});

/** Returns pseudorandom numbers from 0 to 1. */
function seededRandom(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
