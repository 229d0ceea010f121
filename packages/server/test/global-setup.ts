import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { bundleSources } from '../../../tooling/scripts/packaging/bundle-sources.ts';
import { commandNames } from './support/command-names.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder with the bundled commands and the server of `stdio-server-process.ts`. */
    commands: string;
  }
}

/** Bundles the commands once for the tests that start them. */
export async function setup(project: TestProject): Promise<void> {
  const folder = await bundleSources({
    root: fileURLToPath(new URL('..', import.meta.url)),
    entries: {
      ...Object.fromEntries(commandNames.map((name) => [name, `src/bin/${name}.ts`])),
      'stdio-server-process': 'test/mcp/support/stdio-server-process.ts',
    },
    // What a command loads by its name at run time shares one core with it.
    external: [/^@slack\//, /^@slack-mcp\/(core|backend-)/],
  });
  project.provide('commands', folder);
}
