import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';

/** The part of a bundle that this plugin uses. */
interface Chunk {
  readonly type: 'chunk' | 'asset';
  readonly fileName: string;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
}

/** The part of a manifest that this plugin uses. */
interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * A plugin that refuses a build which imports a package that the manifest does not name. npm often finds such a package
 * by chance, because another dependency needs it. pnpm and Yarn's Plug'n'Play do not.
 *
 * @param manifest - path of the package's `package.json`; default: in the working directory of the build
 */
export function declaredImports(manifest = 'package.json') {
  return {
    name: 'declared-imports',
    generateBundle(_options: unknown, bundle: Record<string, Chunk>): void {
      const undeclared = undeclaredImports(JSON.parse(readFileSync(manifest, 'utf8')), Object.values(bundle));
      if (undeclared.length > 0) throw new Error(undeclared.join('\n'));
    },
  };
}

/** Returns a sentence for each import of a package that is neither in the bundle nor in the manifest. */
export function undeclaredImports(manifest: Manifest, files: readonly Chunk[]): string[] {
  const declared = new Set([
    manifest.name,
    ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies }),
  ]);
  const bundled = new Set(files.map(({ fileName }) => fileName));
  return files
    .filter(({ type, fileName }) => type === 'chunk' && /\.[cm]?js$/.test(fileName))
    .flatMap(({ fileName, imports = [], dynamicImports = [] }) =>
      [...imports, ...dynamicImports]
        .filter((specifier) => !bundled.has(specifier) && !isBuiltin(specifier) && !/^[./#]/.test(specifier))
        .filter((specifier) => !declared.has(packageOf(specifier)))
        .map((specifier) => `${fileName} imports ${specifier}: add ${packageOf(specifier)} to the dependencies`),
    );
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
