import { globSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { bundleSources } from '../../../tooling/scripts/packaging/bundle-sources.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder with the programs that tests start, bundled. See `bundled`. */
    programs: string;
  }
}

/** Bundles what tests start in other processes, once. All of it is one bundle, so that a process has one core. */
export async function setup(project: TestProject): Promise<void> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const own = globSync(['src/bin/*.ts', 'test/fixtures/*.ts'], { cwd: root });
  const backends = globSync('backend-*/src/index.ts', { cwd: join(root, '..') });
  const entries = Object.fromEntries([
    ...own.map((file) => [file.replace(/\.ts$/, ''), file]),
    ...backends.map((file) => [file.split('/')[0], `../${file}`]),
  ]);
  project.provide('programs', await bundleSources({ root, entries }));
}
