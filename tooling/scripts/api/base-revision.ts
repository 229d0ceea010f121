import { run } from '../run.ts';

/** The branches with which a change is compared, the first that exists. */
const BRANCHES = ['origin/main', 'main'];

/**
 * Finds the commit with which a change is compared: where it left the given revision or the main branch, or on the main
 * branch the parent commit. Returns `undefined` if there is only one commit.
 *
 * @param given - a commit; without one, empty or all zeros, as in the events of GitHub
 * @throws Error - `given` is not a commit
 */
export async function baseRevision(root: string, given = ''): Promise<string | undefined> {
  const head = await commit(root, 'HEAD');
  if (!/^0*$/.test(given)) {
    if ((await commit(root, given)) === undefined) throw new Error(`BASE_REVISION is not a commit: ${given}`);
    return (await forkPoint(root, given)) ?? given;
  }
  for (const branch of BRANCHES) {
    const base = await forkPoint(root, branch);
    if (base !== undefined && base !== head) return base;
  }
  return commit(root, 'HEAD~1');
}

/** Lists the files that differ from a commit, with those that are not committed yet. */
export async function changedFiles(root: string, base: string): Promise<string[]> {
  const lists = [
    ['diff', '--name-only', base],
    ['ls-files', '--others', '--exclude-standard'],
  ];
  const outputs = await Promise.all(lists.map((args) => git(root, ...args)));
  return outputs.flatMap((output) => (output ?? '').split('\n')).filter((path) => path !== '');
}

const forkPoint = (root: string, revision: string): Promise<string | undefined> =>
  git(root, 'merge-base', revision, 'HEAD');

const commit = (root: string, revision: string): Promise<string | undefined> =>
  git(root, 'rev-parse', '--quiet', '--verify', `${revision}^{commit}`);

async function git(root: string, ...args: string[]): Promise<string | undefined> {
  const { code, output } = await run('git', args, { cwd: root, quiet: true });
  return code === 0 ? output.trim() : undefined;
}
