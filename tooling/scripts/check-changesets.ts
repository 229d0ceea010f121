import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { changesetProblem } from './checks/changeset-problem.ts';

// Finds changesets that `changeset version` would reject or ignore.

const root = join(import.meta.dirname, '../..');
const packages = new Set(
  readdirSync(join(root, 'packages')).map((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')) as {
      name: string;
    };
    return manifest.name;
  }),
);
const files = readdirSync(join(root, '.changeset')).filter((name) => name.endsWith('.md') && name !== 'README.md');
const problems = files.flatMap((name) => {
  const problem = changesetProblem(readFileSync(join(root, '.changeset', name), 'utf8'), packages);
  return problem === undefined ? [] : [`.changeset/${name}: ${problem}`];
});
for (const problem of problems) console.error(problem);
console.error(`${files.length} changesets, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
