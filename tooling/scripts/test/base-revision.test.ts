import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { baseRevision, changedFiles } from '../api/base-revision.ts';

const ZEROS = '0'.repeat(40);

/** A repository with one commit on `main`. */
function repository() {
  const root = mkdtempSync(join(tmpdir(), 'base-revision-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];
  const git = (...args: string[]): string =>
    execFileSync('git', [...identity, ...args], { cwd: root, encoding: 'utf8' }).trim();
  const write = (file: string): void => writeFileSync(join(root, file), '');
  const commit = (file: string): string => {
    write(file);
    git('add', file);
    git('commit', '--quiet', '-m', file);
    return git('rev-parse', 'HEAD');
  };
  git('init', '--quiet', '--initial-branch=main');
  return { root, git, write, commit, first: commit('first') };
}

test('a branch is compared with the commit at which it left main', async () => {
  const { root, git, commit, first } = repository();
  git('checkout', '--quiet', '-b', 'feature');
  commit('one');
  commit('two');
  git('checkout', '--quiet', 'main');
  const later = commit('later');
  git('checkout', '--quiet', 'feature');
  expect(await baseRevision(root)).toBe(first);
  expect(await baseRevision(root, ZEROS)).toBe(first);
  // A pull request names the tip of main, which may be newer.
  expect(await baseRevision(root, later)).toBe(first);
});

test('main is compared with its last state at the remote, or with the parent commit', async () => {
  const { root, git, commit, first } = repository();
  git('update-ref', 'refs/remotes/origin/main', first);
  const second = commit('second');
  commit('third');
  expect(await baseRevision(root)).toBe(first);
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  expect(await baseRevision(root)).toBe(second);
});

test('the first commit is compared with nothing', async () => {
  expect(await baseRevision(repository().root)).toBeUndefined();
});

test('names a revision that does not exist', async () => {
  await expect(baseRevision(repository().root, 'nowhere')).rejects.toThrow('BASE_REVISION is not a commit: nowhere');
});

test('changed files include those that are not committed', async () => {
  const { root, git, write, commit, first } = repository();
  commit('committed');
  write('staged');
  git('add', 'staged');
  write('new');
  expect((await changedFiles(root, first)).sort()).toEqual(['committed', 'new', 'staged']);
});
