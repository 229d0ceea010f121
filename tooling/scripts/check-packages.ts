import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkImageStart } from './packaging/check-image-start.ts';
import { checkMcpb } from './packaging/check-mcpb.ts';
import { checkOutsideBackend } from './packaging/check-outside-backend.ts';
import { packMcpb } from './packaging/pack-mcpb.ts';
import { packPackage } from './packaging/pack-package.ts';
import { type PublishedPackage, publishedPackages } from './packaging/published-packages.ts';
import { run } from './run.ts';

// For every published package: pack, publint, are-the-types-wrong, install the tarball in an empty folder, import every
// entry, start every command. Then compile and judge a backend from outside the repository, run the start command of the
// image, and start the bundle for desktop clients. `pnpm rehearse` runs the packages together. Expects `dist` to be built.

const root = join(import.meta.dirname, '../..');
const packages = publishedPackages(root);
/** The packages in the image of `deploy/Dockerfile`. */
const IN_IMAGE = ['@slack-mcp/server', '@slack-mcp/consumer', '@slack-mcp/backend-redis'];
/** The packages that an author of a backend installs. */
const FOR_AUTHORS = ['@slack-mcp/core', '@slack-mcp/conformance'];
const work = await mkdtemp(join(tmpdir(), 'slack-mcp-packages-'));

async function step(title: string, command: string, args: readonly string[], cwd: string): Promise<string> {
  const { code, output } = await run(command, args, { cwd, quiet: true });
  if (code !== 0) throw new Error(`${title} failed\n${output}`);
  return output;
}

function withOurs(name: string): PublishedPackage[] {
  const found = packages.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`${name} is not published but a published package depends on it`);
  return [found, ...found.ours.flatMap(withOurs)];
}

async function install(names: readonly string[], tarballs: ReadonlyMap<string, string>): Promise<string> {
  const title = names.join(' and ');
  const folder = join(work, 'installed', title.replaceAll('/', '+'));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  const needed = [...new Set(names.flatMap(withOurs))].map(({ name }) => tarballs.get(name) as string);
  await step(`install ${title}`, 'npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...needed], folder);
  return folder;
}

async function check(item: PublishedPackage, tarballs: ReadonlyMap<string, string>): Promise<void> {
  const tarball = tarballs.get(item.name) as string;
  await step(`publint ${item.name}`, 'publint', ['run', tarball, '--strict'], root);
  await step(`attw ${item.name}`, 'attw', [tarball, '--profile', 'esm-only'], root);
  const folder = await install([item.name], tarballs);
  for (const entry of item.entries) {
    await step(`import ${entry}`, 'node', ['--input-type=module', '-e', `await import('${entry}')`], folder);
  }
  for (const bin of item.bins) await step(`${bin} --help`, join(folder, 'node_modules/.bin', bin), ['--help'], folder);
  const manifest = await readFile(join(folder, 'node_modules', item.name, 'package.json'), 'utf8');
  if (/workspace:|catalog:|@slack-mcp\/source/.test(manifest)) {
    throw new Error(`${item.name}: the published package.json still contains workspace: versions`);
  }
  console.error(`ok ${item.name}: ${item.entries.length} entries, ${item.bins.length} commands`);
}

try {
  const tarballs = new Map<string, string>();
  for (const item of packages) tarballs.set(item.name, (await packPackage(item, join(work, 'tarballs'))).path);
  for (const item of packages) await check(item, tarballs);
  await checkOutsideBackend(root, await install(FOR_AUTHORS, tarballs));
  console.error(`ok ${FOR_AUTHORS.join(', ')}: a backend outside the repository compiles and passes`);
  await checkImageStart(await install(IN_IMAGE, tarballs));
  console.error('ok deploy/Dockerfile: its start command loses no accepted event on SIGTERM');
  await checkMcpb(await packMcpb(root, join(work, 'mcpb')), join(work, 'unpacked'));
  console.error('ok mcpb: the unpacked bundle serves the tools of its manifest');
  if (packages.length === 0) throw new Error('no published package found');
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  await rm(work, { recursive: true, force: true });
}
