import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from '../run.ts';

/** The commands of a rehearsal that are not dependencies of this repository: the files that Node runs. */
export interface RehearsalTools {
  readonly verdaccio: string;
  readonly yarn: string;
}

const MANIFEST = JSON.stringify({
  private: true,
  dependencies: { '@yarnpkg/cli-dist': '4.18.1', verdaccio: '6.10.4' },
  // The dependency names a tag that not every registry has.
  overrides: { 'node-fetch': '^2.7.0' },
});

/** Installs the tools in a folder, unless they are there. */
export async function rehearsalTools(folder: string): Promise<RehearsalTools> {
  const installed = join(folder, 'installed.json');
  if ((await readFile(installed, 'utf8').catch(() => '')) !== MANIFEST) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), MANIFEST);
    await mustRun('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: folder });
    await writeFile(installed, MANIFEST);
  }
  const modules = join(folder, 'node_modules');
  return { verdaccio: join(modules, 'verdaccio/bin/verdaccio'), yarn: join(modules, '@yarnpkg/cli-dist/bin/yarn.js') };
}
