import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { renderBackendGuarantees } from '../packages/conformance/src/guarantees.ts';
import { envTable, isBackendPlugin } from '../packages/core/src/index.ts';
import { ENV_VARS } from '../packages/server/src/config/variables.ts';
import { fillRegions } from './docs/regions.ts';

// Fills the generated regions of every Markdown file; `--check` only says whether they are up to date.

const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');

/** The environment table of the package that `file` belongs to. */
async function environment(file: string): Promise<string | undefined> {
  const folder = basename(dirname(file));
  if (file === join(root, 'README.md') || folder === 'server') return envTable(ENV_VARS);
  if (!folder.startsWith('backend-')) return undefined;
  const plugin: unknown = (await import(pathToFileURL(join(dirname(file), 'src/index.ts')).href)).default;
  return isBackendPlugin(plugin) ? envTable(plugin.env) : undefined;
}

/** What the backend of the package that `file` belongs to was held to. */
function guarantees(file: string): string | undefined {
  const [, name] = /^backend-(.+)$/.exec(basename(dirname(file))) ?? [];
  return name === undefined ? undefined : renderBackendGuarantees(name);
}

/** The file as a fenced block. */
function code(path: string): string {
  return `\n\`\`\`ts\n${readFileSync(join(root, path), 'utf8').trimEnd()}\n\`\`\`\n`;
}

const stale: string[] = [];
const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
  .map((entry) => join(entry.parentPath, entry.name))
  .filter((file) => !/(^|\/)(node_modules|dist|\.turbo|\.changeset|\.git)\//.test(relative(root, file)));

for (const file of files) {
  const text = readFileSync(file, 'utf8');
  if (!text.includes('<!-- generated:')) continue;
  const table = await environment(file);
  const filled = fillRegions(text, (name) => {
    if (name === 'environment') return table;
    if (name === 'guarantees') return guarantees(file);
    if (name.startsWith('code ')) return code(name.slice(5));
    return undefined;
  });
  if (filled === text) continue;
  stale.push(relative(root, file));
  if (!check) writeFileSync(file, filled);
}

if (check && stale.length > 0) {
  console.error(`out of date: ${stale.join(', ')}; run: pnpm docs:sync`);
  process.exitCode = 1;
} else {
  console.error(`${files.length} Markdown files, ${stale.length} ${check ? 'out of date' : 'written'}`);
}
