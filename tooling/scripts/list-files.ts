import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Files that match git patterns and are not ignored by git, as paths from the repository's root. */
export function listFiles(root: string, ...patterns: readonly string[]): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z', '--', ...patterns];
  const output = execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const paths = [...new Set(output.split('\0'))].filter((path) => path !== '');
  return paths.filter((path) => existsSync(join(root, path))).sort();
}
