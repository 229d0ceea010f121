import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CONSUMER_ENV } from '../../packages/consumer/src/cli/settings.ts';
import { envTable } from '../../packages/core/src/config/env-table.ts';
import { isBackendPlugin, METRICS } from '../../packages/core/src/index.ts';
import { OPS_ERRORS } from '../../packages/core/src/ops/ops-error.ts';
import { ENV_VARS } from '../../packages/server/src/config/variables.ts';
import { HTTP_ERRORS } from '../../packages/server/src/http/http-errors.ts';
import { TOOL_FAILURES } from '../../packages/server/src/rest/tool-failures.ts';
import { knownToolsets } from '../../packages/server/src/tools/toolsets/known-toolsets.ts';
import { renderBackendGuarantees } from '../conformance-runner/src/guarantees.ts';
import { vendoredFiles } from './console/vendored-files.ts';
import { errorsTable } from './docs/errors-table.ts';
import { listedTokensSource } from './docs/listed-tokens.ts';
import { metricsTable } from './docs/metrics-table.ts';
import { fillRegions } from './docs/regions.ts';
import { toolsPage } from './docs/tools-page.ts';
import { toolsTable } from './docs/tools-table.ts';
import { listFiles } from './list-files.ts';
import { renderServerJson } from './manifests/server-json.ts';
import type { ServerManifest } from './manifests/server-manifest.ts';

// Writes the generated regions of every Markdown file, the server's entry in the MCP registry, the tokens of its tools
// and the modules that the console loads. `--check` only reports whether they are up to date.

const root = join(import.meta.dirname, '../..');
const check = process.argv.includes('--check');

/** The environment table of the backend that `file` belongs to. */
async function backendEnvironment(file: string): Promise<string | undefined> {
  const folder = basename(dirname(file));
  if (!folder.startsWith('backend-')) return undefined;
  const plugin: unknown = (await import(pathToFileURL(join(dirname(file), 'src/index.ts')).href)).default;
  return isBackendPlugin(plugin) ? envTable(plugin.env) : undefined;
}

/** The guarantees of the backend that `file` belongs to. */
function guarantees(file: string): string | undefined {
  const [, name] = /^backend-(.+)$/.exec(basename(dirname(file))) ?? [];
  return name === undefined ? undefined : renderBackendGuarantees(name);
}

/** The file as a fenced block. */
function code(path: string): string {
  return `\n\`\`\`ts\n${readFileSync(join(root, path), 'utf8').trimEnd()}\n\`\`\`\n`;
}

const opsErrors = Object.fromEntries(
  Object.entries(OPS_ERRORS).map(([code, error]) => [code, { ...error, components: ['ops'] }]),
);

const stale: string[] = [];
const files = listFiles(root, '*.md')
  .filter((path) => !path.startsWith('.changeset/'))
  .map((path) => join(root, path));

for (const file of files) {
  const text = readFileSync(file, 'utf8');
  if (!text.includes('<!-- generated:')) continue;
  const ofBackend = await backendEnvironment(file);
  const filled = fillRegions(text, (name) => {
    if (name === 'environment') return ofBackend;
    if (name === 'environment server') return envTable(ENV_VARS);
    if (name === 'environment consumer') return envTable(CONSUMER_ENV);
    if (name === 'tools') return toolsTable(knownToolsets);
    if (name === 'http errors') return errorsTable(HTTP_ERRORS);
    if (name === 'ops errors') return errorsTable(opsErrors);
    if (name === 'tool failures') return errorsTable(TOOL_FAILURES);
    if (name === 'metrics') return metricsTable(METRICS);
    if (name === 'tools page') return toolsPage(knownToolsets);
    if (name === 'guarantees') return guarantees(file);
    if (name.startsWith('code ')) return code(name.slice(5));
    return undefined;
  });
  if (filled === text) continue;
  stale.push(relative(root, file));
  if (!check) writeFileSync(file, filled);
}

/** Variables for a server that a client starts. */
const OVER_STDIO = /^(SLACK_(BOT_TOKEN|USER_TOKEN|WORKSPACES|API_URL|MCP_(?!OPS_|METRICS_)\w+)|\w+_PROXY|LOG_\w+)$/;
const manifest = JSON.parse(readFileSync(join(root, 'packages/server/package.json'), 'utf8')) as ServerManifest;
const rendered = renderServerJson(
  manifest,
  ENV_VARS.filter(({ name }) => OVER_STDIO.test(name)),
);
const whole: readonly (readonly [path: string, content: string])[] = [
  ['packages/server/server.json', rendered],
  ['packages/server/src/cli/listed-tokens.ts', listedTokensSource(knownToolsets)],
  ...vendoredFiles(root),
];
for (const [path, content] of whole) {
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === content) continue;
  stale.push(path);
  if (!check) writeFileSync(file, content);
}

if (check && stale.length > 0) {
  console.error(`out of date: ${stale.join(', ')}; run: pnpm docs:sync`);
  process.exitCode = 1;
} else {
  console.error(`${files.length} Markdown files, ${stale.length} files ${check ? 'out of date' : 'written'}`);
}
