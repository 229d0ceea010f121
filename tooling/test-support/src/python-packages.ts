import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Why Python packages are unavailable. */
export class NoPythonError extends Error {}

/**
 * Installs Python packages, once for all runs on this machine. Returns the folder for `PYTHONPATH`.
 *
 * @param name - a name for the folder, without other characters than in file names
 * @param requirements - for example `mcp==1.30.0`
 * @throws NoPythonError without `python3` 3.11 and `pip`, or without access to a package index
 */
export async function installPythonPackages(name: string, requirements: readonly string[]): Promise<string> {
  const python = await ask('python3', [
    '-c',
    'import sys; assert sys.version_info >= (3, 11), "needs Python 3.11"; print(sys.implementation.cache_tag)',
  ]);
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'slack-mcp', 'python-clients');
  const folder = join(cache, `${name}-${python}`);
  if ((await stat(folder).catch(() => undefined)) !== undefined) return folder;

  await mkdir(cache, { recursive: true });
  const beside = await mkdtemp(join(cache, 'installing-'));
  try {
    await ask('python3', ['-m', 'pip', 'install', '--quiet', '--retries', '1', '--target', beside, ...requirements]);
    // Another process may have been faster; it installed the same files.
    await rename(beside, folder).catch(() => {});
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  return folder;
}

async function ask(program: string, args: string[]): Promise<string> {
  try {
    return (await run(program, args, { timeout: 120_000 })).stdout.trim();
  } catch (error) {
    const said = String((error as { stderr?: string }).stderr ?? '').trim();
    throw new NoPythonError(said.split('\n').at(-1) || `${program}: ${(error as { code?: unknown }).code}`);
  }
}
