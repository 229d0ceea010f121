import { basename } from 'node:path';

/** The part of a bundle that is looked at. */
interface Chunk {
  readonly type: 'chunk' | 'asset';
  readonly fileName: string;
  readonly code?: string;
  readonly facadeModuleId?: string | null;
}

/** The part of a build that gives out files. */
interface Emitter {
  emitFile(file: { type: 'asset'; fileName: string; source: string }): string;
}

/** The oldest Node that the packages run on, as their `engines` say it. */
export const OLDEST_NODE: readonly [major: number, minor: number] = [22, 18];

/**
 * A plugin that puts a file before each command which an old Node can read: it says in one line which Node is needed,
 * where the command itself would be a syntax error. The command is beside it, as `<name>.main.js`.
 */
export function launchers() {
  return {
    name: 'launchers',
    generateBundle(this: Emitter, _options: unknown, bundle: Record<string, Chunk>): void {
      for (const chunk of Object.values(bundle)) {
        // Declarations have the same sources.
        if (chunk.type !== 'chunk' || !chunk.fileName.endsWith('.js')) continue;
        if (!/[\\/]src[\\/]bin[\\/][^\\/]+\.ts$/.test(chunk.facadeModuleId ?? '')) continue;
        const { fileName, code = '' } = chunk;
        const main = fileName.replace(/\.js$/, '.main.js');
        delete bundle[fileName];
        this.emitFile({ type: 'asset', fileName: main, source: code.replace(/^#!.*\n/, '') });
        this.emitFile({ type: 'asset', fileName, source: launcher(basename(fileName, '.js'), basename(main)) });
      }
    },
  };
}

/** In the words of Node 12, the first that can import. */
function launcher(name: string, main: string): string {
  const [major, minor] = OLDEST_NODE;
  return `#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > ${major} || (major === ${major} && minor >= ${minor})) {
  import('./${main}');
} else {
  process.stderr.write('${name}: needs Node ${major}.${minor} or later, this is ' + process.versions.node + '\\n');
  process.exitCode = 1;
}
`;
}
