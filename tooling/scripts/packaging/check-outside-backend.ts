import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../run.ts';

/**
 * Compiles a backend from outside the repository against the packed types, as strictly as TypeScript can, and runs
 * properties of the packed suite on it.
 *
 * @param root - of the repository
 * @param folder - where core and the suite are installed
 */
export async function checkOutsideBackend(root: string, folder: string): Promise<void> {
  const from = join(root, 'tooling/conformance-runner/src/outside');
  await cp(from, folder, { recursive: true });
  const files = await readdir(from);
  const typeRoots = join(root, 'node_modules/@types');
  await finish('tsc', [...STRICT, '--typeRoots', typeRoots, ...files], folder);
  await finish('node', ['judge-outside.ts'], folder);
}

const STRICT = [
  ...['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--skipLibCheck', 'false'],
  ...['--target', 'es2024', '--lib', 'es2024,esnext.disposable', '--module', 'nodenext', '--types', 'node'],
  '--allowImportingTsExtensions',
];

async function finish(command: string, args: readonly string[], cwd: string): Promise<void> {
  const { code, output } = await run(command, args, { cwd, quiet: true });
  if (code !== 0) throw new Error(`a backend outside the repository: ${command} failed\n${output}`);
}
