import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { listFiles } from '../../scripts/list-files.ts';
import type { Mutant } from './mutant.ts';
import { mutateText } from './mutate-text.ts';

/** A throwaway copy of the repository in which one file at a time is changed. */
export interface WorkingCopy {
  readonly root: string;
  /**
   * Runs something while a mutant is applied, then restores the file.
   *
   * @throws StaleMutantError when the mutant does not apply
   */
  withMutant<Result>(mutant: Mutant, run: () => Promise<Result>): Promise<Result>;
  remove(): Promise<void>;
}

/** Copies the working tree: what is committed and what is not, without what git ignores. Dependencies are linked. */
export async function createWorkingCopy(source: string): Promise<WorkingCopy> {
  const root = await mkdtemp(join(tmpdir(), 'slack-mcp-mutate-'));
  const files = listFiles(source);
  for (const folder of new Set(files.map(dirname))) await mkdir(join(root, folder), { recursive: true });
  await Promise.all(files.map((file) => cp(join(source, file), join(root, file))));
  await linkDependencies(source, root);
  const packages = new Set(files.filter((file) => /^[^/]+\/[^/]+\/package\.json$/.test(file)).map(dirname));
  for (const folder of packages) {
    // Its links are relative: those to packages of the repository lead to the copy.
    const from = join(source, folder, 'node_modules');
    await cp(from, join(root, folder, 'node_modules'), { recursive: true, verbatimSymlinks: true }).catch(
      unlessMissing,
    );
  }
  return {
    root,
    async withMutant(mutant, run) {
      const path = join(root, mutant.file);
      const text = await readFile(path, 'utf8');
      await writeFile(path, mutateText(text, mutant));
      try {
        return await run();
      } finally {
        await writeFile(path, text);
      }
    },
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** Links each entry, so that caches stay in the copy. */
async function linkDependencies(source: string, root: string): Promise<void> {
  await mkdir(join(root, 'node_modules'));
  const entries = await readdir(join(source, 'node_modules'));
  const shared = entries.filter((name) => name === '.pnpm' || name === '.bin' || !name.startsWith('.'));
  await Promise.all(
    shared.map((name) => symlink(join(source, 'node_modules', name), join(root, 'node_modules', name))),
  );
}

function unlessMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
