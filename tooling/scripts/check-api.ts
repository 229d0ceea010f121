import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { apiReport } from './api/api-report.ts';
import { baseRevision, changedFiles } from './api/base-revision.ts';
import { unannouncedReports } from './api/unannounced-reports.ts';
import { publishedPackages } from './packaging/published-packages.ts';

// `pnpm api` writes `api.md` of each package: the public types. `--check` fails if an export has no TSDoc, if a report is
// out of date, or if it changed without a changeset for its package since `BASE_REVISION`. Without `BASE_REVISION`, a
// branch is compared with main, and main with its parent commit. Expects `dist` to be built.

const root = join(import.meta.dirname, '../..');
const check = process.argv.includes('--check');
const problems: string[] = [];
const packages = publishedPackages(root);

for (const { name, folder } of packages) {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    exports: Record<string, string | { types?: string }>;
  };
  const entries = Object.entries(exports).flatMap(([subpath, target]) =>
    typeof target === 'string' || target.types === undefined ? [] : [[name + subpath.slice(1), target.types] as const],
  );
  const missing = entries.find(([, file]) => !existsSync(join(folder, file)));
  if (missing !== undefined) {
    problems.push(`${missing[0]} is not built: run pnpm build`);
    continue;
  }
  const { text, undocumented } = apiReport(folder, name, new Map(entries));
  for (const each of undocumented) problems.push(`${name}: ${each} has no TSDoc`);
  const file = join(folder, 'api.md');
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (check) problems.push(`${relative(root, file)} is out of date: run pnpm build and pnpm api`);
  else writeFileSync(file, text);
}

if (check) await findUnannounced().catch((error: Error) => problems.push(error.message));
for (const problem of problems) console.error(problem);
console.error(`${packages.length} reports, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;

async function findUnannounced(): Promise<void> {
  const base = await baseRevision(root, process.env['BASE_REVISION']);
  if (base === undefined) {
    console.error('the history has one commit: set BASE_REVISION to find changes without a changeset');
    return;
  }
  const read = (path: string): string => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '');
  problems.push(...unannouncedReports(await changedFiles(root, base), packages, root, read));
}
