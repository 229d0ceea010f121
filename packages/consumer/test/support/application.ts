import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ConformanceHarness } from '@slack-mcp/conformance';
import { onTestFinished } from 'vitest';
import { bundled } from './bundled.ts';

/** A backend that an application has installed: its name, and the module with its manifest. */
export interface InstalledBackend {
  readonly name: string;
  readonly module: string;
}

/** A fixture by its file. */
export const fixture = (name: string): string => bundled(`test/fixtures/${name}`);

/** The memory backend, declared as one with a broker. */
export const guised: InstalledBackend = { name: 'network', module: fixture('network-backend.ts') };

/** The backend of a harness whose consumers can be separate processes. */
export function installed({ name, spawnConsumer }: ConformanceHarness): InstalledBackend {
  if (spawnConsumer === undefined) throw new Error(`${name} does not reach beyond a process`);
  return { name, module: bundled(`backend-${name}.ts`) };
}

/** The names of our backends belong to our packages. */
const packageOf = (name: string): string => `@slack-mcp/backend-${name}`;

/** A folder with an application that depends on the given backends, removed after the test. */
export function application(...backends: readonly InstalledBackend[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'consumer-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, content: unknown): void => writeFileSync(join(folder, path), JSON.stringify(content));
  const dependencies = Object.fromEntries(backends.map(({ name }) => [packageOf(name), '*']));
  write('package.json', { type: 'module', dependencies });
  for (const { name, module } of backends) {
    const place = `node_modules/${packageOf(name)}`;
    mkdirSync(join(folder, place), { recursive: true });
    write(`${place}/package.json`, {
      name: packageOf(name),
      version: '1.0.0',
      type: 'module',
      exports: { '.': './index.js', './package.json': './package.json' },
      'slack-mcp': { queueBackend: name, apiVersion: 1 },
    });
    writeFileSync(join(folder, place, 'index.js'), `export { default } from ${JSON.stringify(module)};`);
  }
  return folder;
}
