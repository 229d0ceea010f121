import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import {
  type BuildSettings,
  buildScriptProblems,
  packagesWithScripts,
  scriptsOnInstall,
} from './dependencies/install-scripts.ts';
import { publishedPackages } from './packaging/published-packages.ts';

// Fails if a dependency has install scripts that `allowBuilds` in `pnpm-workspace.yaml` does not judge, or if a published
// package has install scripts.

const root = join(import.meta.dirname, '../..');
const settings = parse(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')) as BuildSettings;
const withScripts = packagesWithScripts(join(root, 'node_modules/.pnpm'));
const problems = buildScriptProblems(settings, withScripts);
for (const { name, folder } of publishedPackages(root)) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    scripts?: Record<string, string>;
  };
  for (const script of scriptsOnInstall(manifest)) {
    problems.push(`${name} has the script ${script}, which would run on the machines of its users: remove it`);
  }
}
for (const problem of problems) console.error(problem);
console.error(`${withScripts.size} dependencies with install scripts, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
