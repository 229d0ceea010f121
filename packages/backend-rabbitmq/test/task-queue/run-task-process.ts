import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs `task-process.ts` to its end and returns its output. */
export async function runTaskProcess(env: Readonly<Record<string, string>>, ...args: string[]): Promise<string> {
  const file = join(import.meta.dirname, 'task-process.ts');
  const options = { env: { ...process.env, ...env }, timeout: 60_000 };
  const { stdout } = await run(process.execPath, ['--conditions=@slack-mcp/source', file, ...args], options);
  return stdout;
}
