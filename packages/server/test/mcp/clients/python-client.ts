import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Why the client is unavailable. */
export class NoPythonClientError extends Error {}

/**
 * Installs the official Python client, once for all runs on this machine. Returns the folder for `PYTHONPATH`.
 *
 * @throws NoPythonClientError without `python3` and `pip`, or without access to a package index
 */
export async function installPythonClient(version: string): Promise<string> {
  const python = await ask('python3', ['-c', 'import sys; print(sys.implementation.cache_tag)']);
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'slack-mcp', 'python-clients');
  const folder = join(cache, `mcp-${version}-${python}`);
  if ((await stat(folder).catch(() => undefined)) !== undefined) return folder;

  await mkdir(cache, { recursive: true });
  const beside = await mkdtemp(join(cache, 'installing-'));
  try {
    await ask('python3', ['-m', 'pip', 'install', '--quiet', '--retries', '1', '--target', beside, `mcp==${version}`]);
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
    throw new NoPythonClientError(said.split('\n').at(-1) || `${program}: ${(error as { code?: unknown }).code}`);
  }
}
