import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { apiReport } from './api/api-report.ts';
import { unannouncedReports } from './api/unannounced-reports.ts';
import { publishedPackages } from './packaging/published-packages.ts';
import { run } from './run.ts';

// `pnpm api` writes `api.md` of each package: the public types. `--check` fails if an export has no TSDoc. With
// `BASE_REVISION`, as in the workflow, it also fails if a report is out of date, or changed without a changeset for its
// package; without it, the check only names these reports. Expects `dist` to be built.

const root = join(import.meta.dirname, '../..');
const check = process.argv.includes('--check');
const base = process.env['BASE_REVISION'] ?? '';
const problems: string[] = [];
const notices: string[] = [];
const packages = publishedPackages(root);

for (const { name, folder } of packages) {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    exports: Record<string, string | { types?: string }>;
  };
  const entries = Object.entries(exports).flatMap(([subpath, target]) =>
    typeof target === 'string' || target.types === undefined ? [] : [[name + subpath.slice(1), target.types] as const],
  );
  const { text, undocumented } = apiReport(folder, name, new Map(entries));
  for (const each of undocumented) problems.push(`${name}: ${each} has no TSDoc`);
  const file = join(folder, 'api.md');
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (check)
    (base === '' ? notices : problems).push(`${relative(root, file)} is out of date: run pnpm build and pnpm api`);
  else writeFileSync(file, text);
}

if (check && base !== '') {
  const { code, output } = await run('git', ['diff', '--name-only', `${base}...HEAD`], { cwd: root, quiet: true });
  if (code !== 0) problems.push(`BASE_REVISION is not a commit: ${base}`);
  const read = (path: string): string => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '');
  problems.push(...unannouncedReports(output.split('\n'), packages, root, read));
}

for (const problem of [...problems, ...notices]) console.error(problem);
console.error(`${packages.length} reports, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
