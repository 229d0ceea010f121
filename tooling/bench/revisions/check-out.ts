import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageManager, run } from '../../scripts/run.ts';

/** A revision in its own folder, with its dependencies installed. Disposing of it removes the folder. */
export interface Checkout extends AsyncDisposable {
  readonly folder: string;
  /** The short name of the commit. */
  readonly commit: string;
}

/** Checks `revision` of the repository at `root` out into a temporary worktree and installs its dependencies. */
export async function checkOut(root: string, revision: string): Promise<Checkout> {
  const parsed = await run('git', ['rev-parse', '--short', '--verify', `${revision}^{commit}`], {
    cwd: root,
    quiet: true,
  });
  if (parsed.code !== 0)
    throw new Error(`there is no commit ${revision}; use a name that git knows, for example HEAD~3`);
  const commit = parsed.output.trim();
  const parent = await realpath(await mkdtemp(join(tmpdir(), `bench-${commit}-`)));
  const folder = join(parent, 'tree');
  const remove = async (): Promise<void> => {
    await run('git', ['worktree', 'remove', '--force', folder], { cwd: root, quiet: true });
    await rm(parent, { recursive: true, force: true });
  };
  const { command, args } = packageManager();
  const install = [...args, 'install', '--frozen-lockfile', '--prefer-offline'];
  try {
    await succeed('git', ['worktree', 'add', '--detach', folder, commit], root);
    await succeed(command, install, folder);
  } catch (error) {
    await remove();
    throw error;
  }
  return { folder, commit, [Symbol.asyncDispose]: remove };
}

async function succeed(command: string, args: readonly string[], cwd: string): Promise<void> {
  const { code, output } = await run(command, args, { cwd, quiet: true, env: { CI: 'true' } });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} exited with ${code}:\n${output}`);
}
