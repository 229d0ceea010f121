import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '@slack-mcp/test-support';
import { onTestFinished } from 'vitest';

/** A revision of the protocol whose requirements the runner knows. */
export type Revision = '2025-11-25' | '2026-07-28';

/** The result of the runner. */
export interface ConformanceResult {
  /** Whether all required scenarios pass except those in the baseline, and none of the baseline passes. */
  passed: boolean;
  /** Names of all scenarios that failed, required or not. */
  failing: string[];
  /** Names of the scenarios that passed. */
  passing: string[];
  /** The complete output of the runner. */
  said: string;
}

/**
 * Runs the public conformance suite against a server.
 *
 * @param baseline - file next to this one with the scenarios that are known to fail
 */
export async function runConformance(url: string, revision: Revision, baseline?: string): Promise<ConformanceResult> {
  const runner = createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/dist/index.js');
  const known =
    baseline === undefined ? [] : ['--expected-failures', fileURLToPath(new URL(baseline, import.meta.url))];
  const child = spawn(process.execPath, [runner, 'server', '--url', url, '--requirements', revision, ...known], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnvironment({ NO_COLOR: '1' }),
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [out, error, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  const marked = (mark: string) =>
    [...out.matchAll(new RegExp(`^${mark} ([\\w/-]+): `, 'gm'))].map(([, name = '']) => name);
  return { passed: code === 0, failing: marked('✗'), passing: marked('✓'), said: `${out}${error}` };
}
