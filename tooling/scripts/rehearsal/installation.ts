import { glob, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { mustRun, packageManager } from '../run.ts';
import type { LocalRegistry } from './local-registry.ts';

/** The ways to install: `yarn` creates `node_modules`, `pnp` is Yarn Plug'n'Play. */
export const managers = ['npm', 'pnpm', 'yarn', 'pnp'] as const;

export type Manager = (typeof managers)[number];

/** Packages that are installed in a folder. */
export interface Installation {
  readonly folder: string;
  /** The environment in which Node finds the packages. */
  readonly env: Readonly<Record<string, string>>;
  /** How to start an installed command: a program and its first arguments. */
  bin(name: string): Promise<readonly [program: string, ...args: string[]]>;
}

/** What all installations share. */
export interface InstallOptions {
  readonly registry: LocalRegistry;
  /** The file of Yarn. */
  readonly yarn: string;
  /** The folder in which Yarn keeps what it downloaded. */
  readonly yarnCache: string;
}

/** Creates an application without dependencies, in which npm and pnpm use the registry. */
export async function createApplication(folder: string, registry: LocalRegistry): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "name": "app", "private": true, "type": "module" }\n');
  await writeFile(join(folder, '.npmrc'), registry.npmrc);
  return folder;
}

/** Installs packages in a new application, as its users do. */
export async function install(
  manager: Manager,
  names: readonly string[],
  folder: string,
  options: InstallOptions,
): Promise<Installation> {
  await createApplication(folder, options.registry);
  const inModules: Installation['bin'] = async (name) => [join(folder, 'node_modules/.bin', name)];
  if (manager === 'npm') {
    await mustRun('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...names], { cwd: folder });
    return { folder, env: {}, bin: inModules };
  }
  if (manager === 'pnpm') {
    const { command, args } = packageManager();
    const added = [...args, 'add', '--config.minimum-release-age=0', '--prefer-offline', ...names];
    await mustRun(command, added, { cwd: folder });
    return { folder, env: {}, bin: inModules };
  }
  const yarn = (...args: string[]) => mustRun(process.execPath, [options.yarn, ...args], { cwd: folder });
  await writeFile(join(folder, '.yarnrc.yml'), await yarnSettings(manager, options));
  await writeFile(join(folder, 'yarn.lock'), '');
  await yarn('add', ...names);
  if (manager === 'yarn') return { folder, env: {}, bin: inModules };
  const loader = pathToFileURL(join(folder, '.pnp.loader.mjs')).href;
  return {
    folder,
    env: { NODE_OPTIONS: `--require ${join(folder, '.pnp.cjs')} --experimental-loader ${loader}` },
    bin: async (name) => ['node', (await yarn('bin', name)).trim()],
  };
}

async function yarnSettings(manager: 'yarn' | 'pnp', { registry, yarnCache }: InstallOptions): Promise<string> {
  return JSON.stringify({
    nodeLinker: manager === 'pnp' ? 'pnp' : 'node-modules',
    npmRegistryServer: (await mustRun('npm', ['config', 'get', 'registry'])).trim(),
    npmScopes: { 'slack-mcp': { npmRegistryServer: registry.url } },
    unsafeHttpWhitelist: ['127.0.0.1'],
    // They are minutes old.
    npmPreapprovedPackages: ['@slack-mcp/*'],
    enableTelemetry: false,
    enableImmutableInstalls: false,
    globalFolder: yarnCache,
  });
}

/** Removes our packages from Yarn's cache, which finds them by their version, also if another rehearsal had them. */
export async function forgetOurs(yarnCache: string): Promise<void> {
  for await (const file of glob('cache/@slack-mcp-*', { cwd: yarnCache })) await rm(join(yarnCache, file));
}
