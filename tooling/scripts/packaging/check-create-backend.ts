import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../run.ts';

/** The folders and tarballs of {@link checkCreateBackend}. */
export interface CreateBackendCheck {
  /** Where `@slack-mcp/create-backend` is installed. */
  readonly installed: string;
  /** An empty folder. */
  readonly work: string;
  /** The packed packages, by name. */
  readonly tarballs: ReadonlyMap<string, string>;
}

/**
 * Creates a project with the installed command, installs the packed packages in it, and runs its types, its tests and its
 * build. Then packs the project, installs it in an application, and loads it by its name.
 */
export async function checkCreateBackend({ installed, work, tarballs }: CreateBackendCheck): Promise<void> {
  const finish = async (command: string, args: readonly string[], cwd: string): Promise<string> => {
    const { code, output } = await run(command, args, { cwd, quiet: true });
    if (code !== 0) throw new Error(`a new backend: ${command} ${args.join(' ')} failed\n${output}`);
    return output;
  };
  const install = ['install', '--no-audit', '--no-fund', '--prefer-offline'];
  const tarballOf = (name: string): string => `file:${tarballs.get(name) as string}`;

  await mkdir(work, { recursive: true });
  await finish(join(installed, 'node_modules/.bin/create-backend'), ['my-broker'], work);
  const project = join(work, 'slack-mcp-backend-my-broker');

  const path = join(project, 'package.json');
  const manifest = JSON.parse(await readFile(path, 'utf8'));
  if (/latest|workspace:|catalog:/.test(JSON.stringify(manifest))) {
    throw new Error(`a new backend: package.json does not name the tested versions\n${JSON.stringify(manifest)}`);
  }
  manifest.dependencies['@slack-mcp/core'] = tarballOf('@slack-mcp/core');
  manifest.devDependencies['@slack-mcp/conformance'] = tarballOf('@slack-mcp/conformance');
  manifest.overrides = { '@slack-mcp/core': tarballOf('@slack-mcp/core') };
  // The release of the project is not part of this check.
  delete manifest.devDependencies['@changesets/cli'];
  await writeFile(path, JSON.stringify(manifest));

  await finish('npm', install, project);
  for (const script of ['typecheck', 'test', 'build']) await finish('npm', ['run', script], project);
  await finish('npm', ['pack', '--ignore-scripts', '--pack-destination', work], project);
  const packed = (await readdir(work)).find((name) => name.endsWith('.tgz')) as string;
  const application = join(work, 'application');
  await mkdir(application);
  await writeFile(join(application, 'package.json'), '{ "private": true, "type": "module" }');
  await finish('npm', [...install, tarballOf('@slack-mcp/core'), join(work, packed)], application);
  const load = `
    import { loadBackend } from '@slack-mcp/core';
    const { backend } = await loadBackend({ appRoot: '.', env: { QUEUE_BACKEND: 'my-broker' } });
    await backend.close();
    console.log('loaded', backend.name);
  `;
  const output = await finish('node', ['--input-type=module', '-e', load], application);
  if (!output.includes('loaded my-broker')) throw new Error(`a new backend is not found by its name\n${output}`);
}
