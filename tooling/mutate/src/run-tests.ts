import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** How the tests ended. `hung`: a test or the run exceeded its time limit. `files`: those that are known to have failed. */
export type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed' | 'hung'; readonly test: string; readonly files: readonly string[] };

/** Which tests run, and how. */
export interface TestRun {
  /** The copy of the repository in which they run. */
  readonly root: string;
  readonly project: string;
  readonly files: readonly string[];
  /** Milliseconds for the whole run. */
  readonly limitMs: number;
  /** Seed of property tests. */
  readonly seed: number;
  /** Stops at the first failure. Default true. */
  readonly bail?: boolean;
  readonly signal: AbortSignal;
}

/** Milliseconds for one test and for one hook. A mutant that makes a test wait is noticed after this. */
const TEST_TIMEOUT_MS = 30_000;
const HOOK_TIMEOUT_MS = 60_000;
const TIMED_OUT = /^\w*Error: (?:Test|Hook) timed out in/m;

/** Runs test files in a process group of their own, which ends with the run. */
export async function runTests({ root, project, files, seed, bail = true, ...bounds }: TestRun): Promise<Outcome> {
  const report = join(root, 'node_modules/.mutate-report.json');
  await rm(report, { force: true });
  const args = [
    ...['node_modules/vitest/vitest.mjs', 'run', '--project', project, ...(bail ? ['--bail', '1'] : [])],
    ...['--maxWorkers', '2', '--testTimeout', `${TEST_TIMEOUT_MS}`, '--hookTimeout', `${HOOK_TIMEOUT_MS}`],
    ...['--reporter', 'json', '--outputFile', report, ...files],
  ];
  const env = { ...process.env, FC_SEED: String(seed), NO_COLOR: '1', CI: 'true' };
  const ended = await runInGroup(process.execPath, args, { cwd: root, env, ...bounds });
  bounds.signal.throwIfAborted();
  if (ended.hung) return { kind: 'hung', test: `the run exceeded ${bounds.limitMs / 1000} s`, files: [] };
  if (ended.code === 0) return { kind: 'passed' };
  return readFailure(await readFile(report, 'utf8').catch(() => undefined));
}

interface Report {
  readonly testResults?: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly { fullName: string; status: string; failureMessages?: readonly string[] }[];
  }[];
}

/** Reads the first failure of a report. Without one, a file did not load, or an error had no test. */
export function readFailure(json: string | undefined): Outcome {
  const { testResults = [] } = JSON.parse(json ?? '{}') as Report;
  const files = testResults.filter(({ status }) => status === 'failed').map(({ name }) => name);
  for (const { name, assertionResults } of testResults) {
    const failed = assertionResults.find(({ status }) => status === 'failed');
    if (failed === undefined) continue;
    const hung = (failed.failureMessages ?? []).some((message) => TIMED_OUT.test(message));
    return {
      kind: hung ? 'hung' : 'failed',
      test: failed.fullName,
      files: [name, ...files.filter((file) => file !== name)],
    };
  }
  const file = testResults.find(({ status }) => status === 'failed');
  const test = file === undefined ? 'an error outside the tests' : `the file fails: ${file.message}`;
  return { kind: 'failed', test, files };
}

async function runInGroup(
  command: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; limitMs: number; signal: AbortSignal },
): Promise<{ hung: boolean; code: number | null }> {
  const child = spawn(command, args, { cwd: options.cwd, env: options.env, detached: true, stdio: 'ignore' });
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const over = new AbortController();
  const limit = delay(options.limitMs, 'limit' as const, { signal: AbortSignal.any([over.signal, options.signal]) });
  const first = await Promise.race([exit, limit.catch(() => 'limit' as const)]);
  over.abort();
  killGroup(child.pid);
  return first === 'limit' ? { hung: true, code: await exit } : { hung: false, code: first };
}

/** Ends what the run left behind. Brokers watch for the end of the process that started them. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
