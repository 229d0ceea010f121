import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from '../run.ts';
import { createApplication } from './installation.ts';
import type { LocalRegistry } from './local-registry.ts';

const LOAD = `
  import { loadBackend } from '@slack-mcp/core';
  const { backend } = await loadBackend({ appRoot: '.', env: { QUEUE_BACKEND: 'my-broker' } });
  await backend.close();
  console.log('loaded', backend.name);
`;

/** The files that users of a backend need. */
const PACKED = /^package\/(package\.json|README\.md|LICENSE|dist\/.*\.(js|d\.ts))$/;

/**
 * Creates a project with `npm create @slack-mcp/backend`, and runs its types, its tests and its build. Then packs it,
 * installs it in an application, and loads it by its name.
 */
export async function checkCreateBackend(folder: string, registry: LocalRegistry): Promise<void> {
  const npm = (cwd: string, ...args: string[]) => mustRun('npm', args, { cwd });
  const install = ['install', '--no-audit', '--no-fund', '--prefer-offline'];
  await createApplication(folder, registry);
  // npm keeps what `create` runs by its version, which is the same in each rehearsal.
  await npm(folder, 'create', '--yes', '--cache', join(folder, 'npm-cache'), '@slack-mcp/backend', 'my-broker');
  const project = join(folder, 'slack-mcp-backend-my-broker');
  await writeFile(join(project, '.npmrc'), registry.npmrc);
  await npm(project, ...install);
  for (const script of ['typecheck', 'test', 'build']) await npm(project, 'run', script);
  // What an earlier build wrote does not reach users.
  await writeFile(join(project, 'dist/removed.js'), '');
  await npm(project, 'pack', '--pack-destination', folder);
  const packed = (await readdir(folder)).find((name) => name.endsWith('.tgz')) as string;
  const files = (await mustRun('tar', ['-tzf', join(folder, packed)])).trim().split('\n');
  const wrong = files.filter((file) => !PACKED.test(file) || file.endsWith('/removed.js'));
  if (wrong.length > 0 || !files.includes('package/LICENSE')) throw new Error(`wrong files in ${packed}: ${files}`);
  const application = await createApplication(join(folder, 'application'), registry);
  await npm(application, ...install, '@slack-mcp/core', join(folder, packed));
  const output = await mustRun('node', ['--input-type=module', '-e', LOAD], { cwd: application });
  if (!output.includes('loaded my-broker')) throw new Error(`a new backend is not found by its name\n${output}`);
}
