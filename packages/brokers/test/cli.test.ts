import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { waitFor } from '../src/index.ts';
import { withRedisClient } from '../src/redis/redis-client.ts';
import { startRedis } from '../src/redis/start-redis.ts';
import { describeWithOwnBroker } from '../src/vitest.ts';

const folder = mkdtempSync(join(tmpdir(), 'slack-mcp-cli-'));
afterAll(async () => {
  await brokers('down');
  rmSync(folder, { recursive: true });
});

function brokers(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const cli = join(import.meta.dirname, '..', 'src', 'cli.ts');
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], { env: { ...process.env, TMPDIR: folder } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

describe('pnpm brokers', () => {
  test.for(['', 'start', 'up nats', 'down redis nats', 'up --port 1'])('refuses "%s" as wrong use', async (line) => {
    const { code, stdout, stderr } = await brokers(...line.split(' '));
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/Usage: pnpm brokers/);
  });

  test('shows its usage', async () => {
    expect(await brokers('--', '--help')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Usage/) });
  });

  test('ends nothing where nothing is up', async () => {
    expect(await brokers('down')).toMatchObject({ code: 0, stdout: '', stderr: expect.stringMatching(/none/) });
  });
});

describeWithOwnBroker('pnpm brokers with redis', startRedis, () => {
  test('starts it once, remembers it and ends it', async () => {
    const first = await brokers('up', 'redis');
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^REDIS_URL=redis:\/\/127\.0\.0\.1:\d+\n$/) });
    const url = first.stdout.trim().replace('REDIS_URL=', '');
    const client = { port: Number(new URL(url).port) };
    await withRedisClient(client, (redis) => redis.set('kept', 'yes'));

    expect((await brokers('--', 'up', 'redis')).stdout).toBe(first.stdout);
    expect((await brokers('status')).stdout).toBe(first.stdout);
    const { redis: remembered } = JSON.parse((await brokers('status', '--json')).stdout);
    expect(remembered).toMatchObject({ name: 'redis', url, env: { REDIS_URL: url } });
    expect(await withRedisClient(client, (redis) => redis.get('kept'))).toBe('yes');

    // A developer's Redis that died is started again.
    await withRedisClient(client, (redis) => redis.call('SHUTDOWN', 'NOSAVE').catch(() => undefined));
    await waitFor('it to be missed', async () => (await brokers('status')).stdout === '');
    expect(await brokers('up', 'redis', '--json')).toMatchObject({ code: 0 });

    expect(await brokers('down', 'redis', '--json')).toMatchObject({ code: 0, stdout: '{"ended":["redis"]}\n' });
    expect((await brokers('status')).stdout).toBe('');
    expect(readdirSync(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(true);
  });
});
