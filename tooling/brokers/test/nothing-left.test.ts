import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { type BrokerName, brokerNames } from '../src/broker.ts';
import { namespace, startBroker, startRedis, waitFor } from '../src/index.ts';
import { describeWithBroker, describeWithOwnBroker } from '../src/vitest.ts';
import { processExists } from './fixtures/process-exists.ts';

interface Left {
  folder: string;
  /** Leaders of all process groups of the broker. */
  pids: number[];
}

/** Starts a process that starts brokers. */
async function run(end: string, ...names: BrokerName[]): Promise<{ runner: ChildProcess; left: Left[] }> {
  const script = join(import.meta.dirname, 'fixtures', 'runner.ts');
  const runner = spawn(process.execPath, [script, end, ...names], { stdio: ['ignore', 'pipe', 'ignore'] });
  const lines = createInterface({ input: runner.stdout });
  const [line] = await once(lines, 'line', { signal: AbortSignal.timeout(120_000) });
  const brokers = JSON.parse(line) as { pid: number; folder: string }[];
  return { runner, left: brokers.map(({ pid, folder }) => ({ folder, pids: [...new Set([pid, ...groups(folder)])] })) };
}

function groups(folder: string): number[] {
  return existsSync(join(folder, 'groups')) ? readdirSync(join(folder, 'groups')).map(Number) : [];
}

async function expectNothing(left: Left[]): Promise<void> {
  for (const { folder, pids } of left) {
    await waitFor(`${folder} to vanish`, () => !existsSync(folder));
    for (const pid of pids) await waitFor(`process ${pid} to end`, () => !processExists(pid));
  }
}

for (const name of brokerNames) {
  describeWithBroker(name, ({ source }) => {
    // A broker that the environment names says nothing about the programs on this machine.
    test.skipIf(source === 'environment')(
      `a process that started ${name} leaves nothing when it was killed`,
      async () => {
        const { runner, left } = await run('wait', name);
        expect(left.flatMap(({ pids }) => pids).filter(processExists)).toHaveLength(name === 'rabbitmq' ? 2 : 1);
        runner.kill('SIGKILL');
        await expectNothing(left);
      },
    );
  });
}

describeWithOwnBroker(
  'a process that started redis',
  () => startBroker('redis'),
  (witness) => {
    test('leaves nothing when it was interrupted', async () => {
      const { runner, left } = await run('wait', 'redis', 'redis');
      runner.kill('SIGINT');
      await expectNothing(left);
    });

    test.for(['throw', 'exit', 'nothing'])('leaves nothing at %s', async (end) => {
      const { left } = await run(end, 'redis');
      await expectNothing(left);
    });

    test('leaves nothing when the broker does not start', async () => {
      const folder = join(tmpdir(), namespace('slack-mcp-failing'));
      await expect(startRedis({ keepIn: folder, args: ['--no-such-option', '1'] })).rejects.toThrow(
        /exited during startup[\s\S]*no-such-option/,
      );
      expect(existsSync(folder)).toBe(false);
    });

    test('does not affect the brokers of other processes', () => {
      expect(witness.pid && processExists(witness.pid)).toBe(true);
    });

    test('leaves nothing when it disposes the broker', async () => {
      const left = [{ folder: witness.folder, pids: groups(witness.folder) }];
      await witness.dispose();
      expect(existsSync(witness.folder)).toBe(false);
      await expectNothing(left);
    });
  },
);
