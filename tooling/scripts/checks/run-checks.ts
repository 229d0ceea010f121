import { run } from '../run.ts';

/** A check: a command that exits with 0 on success. */
export interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** What to do when it fails. */
  readonly remedy?: string;
}

/**
 * Runs checks in order up to the first failure. Prints one line for each, the output of the failed check, and a summary
 * as the last line. Resolves to whether all passed.
 */
export async function runChecks(
  checks: readonly Check[],
  { cwd, print }: { cwd: string; print(line: string): void },
): Promise<boolean> {
  const started = performance.now();
  for (const { name, command, args, remedy } of checks) {
    const began = performance.now();
    const env = { TURBO_TELEMETRY_DISABLED: '1' };
    const { code, output } = await run(command, args, { cwd, env, quiet: true });
    if (code === 0) {
      print(`ok ${name} (${seconds(began)})`);
      continue;
    }
    print(output.trimEnd());
    print(`FAILED ${name} (${seconds(began)}), the command: ${[command, ...args].join(' ')}`);
    if (remedy !== undefined) print(`${name}: ${remedy}`);
    return false;
  }
  print(`all ${checks.length} checks pass (${seconds(started)})`);
  return true;
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
