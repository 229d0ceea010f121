import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseArguments } from '../src/cli-arguments.ts';
import { folderProcesses } from '../src/folder-processes.ts';
import { waitFor } from '../src/index.ts';
import { withRedisClient } from '../src/redis/redis-client.ts';
import { startRedis } from '../src/redis/start-redis.ts';
import { describeWithOwnBroker } from '../src/vitest.ts';
import { processExists } from './fixtures/process-exists.ts';

const folder = mkdtempSync(join(tmpdir(), 'slack-mcp-cli-'));
afterAll(async () => {
  await brokers('down');
  rmSync(folder, { recursive: true });
});

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

function brokers(...args: string[]): Promise<Outcome> {
  return brokersIn({}, ...args);
}

function brokersIn(env: Record<string, string>, ...args: string[]): Promise<Outcome> {
  const cli = join(import.meta.dirname, '..', 'src', 'cli.ts');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [cli, ...args],
      { env: { ...process.env, TMPDIR: folder, ...env } },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

describe('pnpm brokers', () => {
  test.for([
    ['', 'Unknown command ""'],
    ['start', 'Unknown command "start"'],
    ['up nats', 'Unknown broker "nats"'],
    ['down redis nats', 'Unknown broker "nats"'],
    ['up --port 1', "Unknown option '--port'"],
    ['up --version 4.3', '--version needs the name of one broker'],
    ['up redis --version x', '--version is "x"'],
  ] as const)('rejects "%s" as wrong use', ([line, reason]) => {
    expect(() => parseArguments(line.split(' '))).toThrow(reason);
  });

  test('ends with 2 after wrong use and writes the reason to standard error', async () => {
    const { code, stdout, stderr } = await brokers('up', 'nats');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Unknown broker "nats".*\n\nUsage: pnpm brokers/);
  });

  test('shows its usage', async () => {
    expect(await brokers('--', '--help')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Usage/) });
  });

  test.for(['up', 'down', 'status'])('rejects an unknown value of BROKERS: %s', async (command) => {
    expect(await brokersIn({ BROKERS: 'nonsense' }, command)).toEqual({
      ...{ code: 2, stdout: '' },
      stderr: '[brokers] BROKERS is "nonsense": expected required, skip or nothing.\n',
    });
  });

  test('stops nothing when no broker is running', async () => {
    expect(await brokers('down')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/no broker was running/),
    });
  });
});

describeWithOwnBroker('pnpm brokers with redis', startRedis, () => {
  test('starts it once, remembers it and stops it', async () => {
    const first = await brokers('up', 'redis', 'redis');
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^REDIS_URL=redis:\/\/127\.0\.0\.1:\d+\n$/) });
    const url = first.stdout.trim().replace('REDIS_URL=', '');
    const client = { port: Number(new URL(url).port) };
    await withRedisClient(client, (redis) => redis.set('kept', 'yes'));

    expect((await brokers('--', 'up', 'redis')).stdout).toBe(first.stdout);
    expect((await brokers('status')).stdout).toBe(first.stdout);
    const { redis: remembered } = JSON.parse((await brokers('status', '--json')).stdout);
    expect(remembered).toMatchObject({ name: 'redis', url, env: { REDIS_URL: url } });
    expect(await withRedisClient(client, (redis) => redis.get('kept'))).toBe('yes');

    // A developer's Redis that has died is started again.
    await withRedisClient(client, (redis) => redis.call('SHUTDOWN', 'NOSAVE').catch(() => undefined));
    await waitFor('its end to be noticed', async () => (await brokers('status')).stdout === '');
    expect(await brokers('up', 'redis', '--json')).toMatchObject({ code: 0 });

    expect(await brokers('down', 'redis', '--json')).toMatchObject({ code: 0, stdout: '{"ended":["redis"]}\n' });
    expect((await brokers('status')).stdout).toBe('');
    expect(readdirSync(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(true);
  });

  /** Starts a developer's Redis. Returns its folder and process id. */
  async function up(): Promise<{ folder: string; redis: number }> {
    expect(await brokers('up', 'redis')).toMatchObject({ code: 0 });
    const [base = ''] = readdirSync(folder);
    const path = join(folder, base, 'redis');
    const [redis, ...others] = folderProcesses(path);
    expect({ redis, others }).toEqual({ redis: expect.any(Number), others: [] });
    return { folder: path, redis: redis as number };
  }

  /** The reapers of a folder. */
  function reapers(path: string): number[] {
    return readdirSync('/proc').flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return line[3] === 'reaper' && line[4] === path ? [Number(pid)] : [];
      } catch {
        return [];
      }
    });
  }

  test('finds and stops it when its reaper was killed', async () => {
    const { folder: path, redis } = await up();
    for (const pid of reapers(path)) process.kill(pid, 'SIGKILL');
    expect((await brokers('status')).stdout).toMatch(/^REDIS_URL=/);
    expect(await brokers('down', 'redis', '--json')).toMatchObject({ stdout: '{"ended":["redis"]}\n' });
    expect(processExists(redis)).toBe(false);
    expect(existsSync(path)).toBe(false);
  });

  test('finds and stops it when its reaper was killed and its folder removed', async () => {
    const { folder: path, redis } = await up();
    for (const pid of reapers(path)) process.kill(pid, 'SIGKILL');
    rmSync(path, { recursive: true });
    const again = await up();
    expect(again.redis).not.toBe(redis);
    expect(processExists(redis)).toBe(false);
    for (const pid of reapers(path)) process.kill(pid, 'SIGKILL');
    rmSync(path, { recursive: true });
    expect(await brokers('down', 'redis', '--json')).toMatchObject({ stdout: '{"ended":["redis"]}\n' });
    expect(processExists(again.redis)).toBe(false);
  });

  test('ends by itself when its folder was removed', async () => {
    const { folder: path, redis } = await up();
    expect(reapers(path).length).toBeGreaterThan(0);
    rmSync(path, { recursive: true });
    await waitFor('the reaper to end', () => reapers(path).length === 0);
    expect(processExists(redis)).toBe(false);
    expect(await brokers('down')).toMatchObject({ stderr: expect.stringMatching(/no broker was running/) });
  });
});
