import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../scripts/run.ts';
import { compareRevisions } from '../revisions/compare-revisions.ts';
import type { RevisionMeasurement } from '../revisions/verdicts.ts';

// Two commits of a repository whose benchmarks have different paths and figures.

let root: string;

const git = async (...args: string[]): Promise<string> => {
  const identity = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com'];
  const { code, output } = await run('git', [...identity, ...args], { cwd: root, quiet: true });
  if (code !== 0) throw new Error(output);
  return output.trim();
};

/** Commits a benchmark that prints a rate and a time, and that rejects `--rounds` unless `knowsRounds`. */
async function commit(entry: string, figures: { rate: string; time: string; knowsRounds: boolean }): Promise<void> {
  const { rate, time, knowsRounds } = figures;
  const manifest = { name: 'subject', private: true, scripts: { bench: `node ${entry}` } };
  await writeFile(join(root, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(root, 'pnpm-lock.yaml'), "lockfileVersion: '9.0'\nimporters:\n  .: {}\n");
  await writeFile(
    join(root, entry),
    `if (${!knowsRounds} && process.argv.includes('--rounds')) process.exit(2);
    const line = { bench: process.argv[2], reference: 'raw', referenceValue: 1, ratio: 1 };
    console.log(JSON.stringify({ ...line, metric: 'publish', ours: ${rate}, unit: 'messages/s', p99Ms: 7 }));
    console.log(JSON.stringify({ ...line, metric: 'start', ours: ${time}, unit: 'ms' }));`,
  );
  await git('add', '.');
  await git('commit', '-m', entry);
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'bench-subject-'));
  await git('init', '-b', 'main');
  await commit('old.mjs', { rate: '1000', time: '50 + Math.random()', knowsRounds: false });
  await commit('new.mjs', { rate: '1000', time: '80 + Math.random()', knowsRounds: true });
});

afterAll(() => rm(root, { recursive: true }));

test('runs the bench script of each revision and separates a difference from noise', { timeout: 240_000 }, async () => {
  const progress: string[] = [];
  const comparison = { root, revision: 'HEAD~1', names: ['queue'], rounds: 3, quick: true };
  const lines: RevisionMeasurement[] = [];
  for await (const line of compareRevisions({ ...comparison, progress: (line) => progress.push(line) }))
    lines.push(line);

  const reference = await git('rev-parse', '--short', 'HEAD~1');
  expect(lines.map(({ bench, metric, unit, verdict }) => [bench, metric, unit, verdict])).toEqual([
    ['queue', 'publish', 'messages/s', 'noise'],
    ['queue', 'publish p99', 'ms', 'noise'],
    ['queue', 'start', 'ms', 'worse'],
  ]);
  for (const line of lines) expect(line.reference).toBe(reference);
  expect(lines[2]?.ratio).toBeCloseTo(50 / 80, 1);
  expect(progress.filter((line) => line.startsWith('queue: round'))).toHaveLength(3);
  expect((await git('worktree', 'list')).split('\n')).toHaveLength(1);
});

test('names a revision that does not exist', async () => {
  const comparison = { root, revision: 'nowhere', names: ['queue'], rounds: 5, quick: true, progress: () => {} };
  await expect(compareRevisions(comparison).next()).rejects.toThrow('there is no commit nowhere');
});
