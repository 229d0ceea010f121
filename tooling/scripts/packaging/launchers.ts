import { basename } from 'node:path';

/** The part of a bundle that this plugin uses. */
interface Chunk {
  readonly type: 'chunk' | 'asset';
  readonly fileName: string;
  readonly code?: string;
  readonly facadeModuleId?: string | null;
}

/** The part of a build that emits files. */
interface Emitter {
  emitFile(file: { type: 'asset'; fileName: string; source: string }): string;
}

/** The oldest Node that the packages support, as in their `engines`. */
export const OLDEST_NODE: readonly [major: number, minor: number] = [22, 18];

/**
 * A plugin that puts a launcher before each command. An old Node can parse the launcher, which prints in one line which
 * Node is needed, whereas the command itself would be a syntax error. The launcher lets Node keep the compiled code in
 * the user's cache, so that the next start is faster. The command is next to it, as `<name>.main.js`.
 */
export function launchers() {
  return {
    name: 'launchers',
    generateBundle(this: Emitter, _options: unknown, bundle: Record<string, Chunk>): void {
      for (const chunk of Object.values(bundle)) {
        // Skip declarations, which have the same sources.
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

/** Uses only the syntax of Node 12, the first version with imports. */
function launcher(name: string, main: string): string {
  const [major, minor] = OLDEST_NODE;
  return `#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > ${major} || (major === ${major} && minor >= ${minor})) {
  try {
    // Unlike an import, this does not read every property of a module, which loads more modules.
    const [{ enableCompileCache }, { homedir }, { isAbsolute, join }] = ['module', 'os', 'path'].map(process.getBuiltinModule);
    const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
    if (isAbsolute(cache)) enableCompileCache(join(cache, 'slack-mcp', 'compiled'));
  } catch {
    // The user has no home.
  }
  import('./${main}');
} else {
  process.stderr.write('${name}: needs Node ${major}.${minor} or later, this is ' + process.versions.node + '\\n');
  process.exitCode = 1;
}
`;
}
