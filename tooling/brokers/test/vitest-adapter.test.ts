import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acceptsConnections } from '../src/accepts-connections.ts';
import { waitFor } from '../src/index.ts';
import { startRedis } from '../src/redis/start-redis.ts';
import { describeWithOwnBroker } from '../src/vitest.ts';

const vitest = join(dirname(fileURLToPath(import.meta.resolve('vitest/package.json'))), 'vitest.mjs');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slack-mcp-adapter-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs two test files that share a Redis, by default in one process. */
async function run(
  env: Record<string, string>,
  { processes = 1 } = {},
): Promise<{ code: number; output: string; urls: string[] }> {
  const seen = join(folder, `seen-${Math.random()}`);
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const options = ['--root', join(import.meta.dirname, 'fixtures'), '--maxWorkers', String(processes)];
  const child = spawn(process.execPath, [vitest, 'run', ...options, ...(processes === 1 ? ['--no-isolate'] : [])], {
    env: { HOME: folder, PATH, NODE_COMPILE_CACHE, NO_COLOR: '1', SEEN: seen, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const [code] = await once(child, 'close');
  try {
    return { code, output, urls: readFileSync(seen, 'utf8').trim().split('\n') };
  } catch {
    return { code, output, urls: [] };
  }
}

const nothing = { PATH: '/nowhere' };

describe('test files that need a broker', () => {
  test('are skipped with one line each when it is unavailable', async () => {
    const { code, output } = await run(nothing);
    expect(code).toBe(0);
    expect(
      output.match(/!! SKIPPED redis: .*no redis-server in PATH.*install redis-server, or set REDIS_URL/g),
    ).toHaveLength(2);
    expect(output).toMatch(/Tests {2}2 skipped/);
  });

  test('are skipped with BROKERS=skip', async () => {
    const { code, output } = await run({ BROKERS: 'skip' });
    expect(code).toBe(0);
    expect(output.match(/!! SKIPPED redis: .*BROKERS=skip/g)).toHaveLength(2);
  });

  test('fail with BROKERS=required when it is unavailable', async () => {
    const { code, output } = await run({ ...nothing, BROKERS: 'required' });
    expect(code).toBe(1);
    expect(output).toMatch(/BROKERS=required, but redis is not available/);
  });

  test('fail with an unknown value of BROKERS', async () => {
    const { code, output } = await run({ BROKERS: 'requierd' });
    expect(code).toBe(1);
    expect(output).toMatch(/BROKERS is "requierd"/);
  });
});

describeWithOwnBroker('test files with a broker', startRedis, (broker) => {
  test('share one, which is removed after the run', async () => {
    const { code, urls } = await run({}, { processes: 2 });
    expect(code).toBe(0);
    expect(urls).toHaveLength(2);
    expect(urls[0]).toBe(urls[1]);
    expect(urls[0]).not.toBe(broker.url);
    await waitFor(
      'the end of it',
      async () => !(await acceptsConnections('127.0.0.1', Number(new URL(urls[0] as string).port))),
    );
  });

  test('use the broker that the environment names', async () => {
    const { urls } = await run({ REDIS_URL: broker.url, ...nothing });
    expect(urls).toEqual([broker.url, broker.url]);
    expect(await acceptsConnections(broker.host, broker.port)).toBe(true);
  });

  test('use another source when no broker answers there, without showing a password', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as { port: number };
    closed.close();
    const { urls, output } = await run({ REDIS_URL: `redis://:geheim@127.0.0.1:${port}` });
    expect(output).toMatch(`no redis answers at REDIS_URL (127.0.0.1:${port}); looking for another one`);
    expect(output).not.toMatch('geheim');
    expect(urls).toHaveLength(2);
  });
});
