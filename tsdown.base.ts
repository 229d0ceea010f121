import { defineConfig, type Rolldown, type UserConfig } from 'tsdown';
import { asciiCode } from './tooling/scripts/packaging/ascii-code.ts';
import { declaredImports } from './tooling/scripts/packaging/declared-imports.ts';
import { launchers } from './tooling/scripts/packaging/launchers.ts';
import { leanDependencies } from './tooling/scripts/packaging/lean-dependencies.ts';
import { sparingBuiltins } from './tooling/scripts/packaging/sparing-builtins.ts';
import { thirdPartyLicenses } from './tooling/scripts/packaging/third-party-licenses.ts';

const BASE: UserConfig = {
  format: 'esm',
  platform: 'node',
  target: 'node22.18',
  fixedExtension: false,
  tsconfig: 'tsconfig.json',
  report: false,
};

/**
 * The build of every published package: one `.js` and one `.d.ts` per source file, ESM only.
 * Files stay apart so that modules which are started by path (workers, child processes) keep their place.
 */
export function definePackage(entry: string[]): UserConfig {
  return defineConfig({
    ...BASE,
    entry,
    unbundle: true,
    dts: true,
    clean: true,
    plugins: [launchers(), declaredImports()],
  }) as UserConfig;
}

/** What {@link defineBundle} puts together. */
export interface BundleOptions {
  /** Name of each file and its source. */
  readonly entry: Readonly<Record<string, string>>;
  readonly outDir: string;
  /** Packages that stay outside, to be loaded from `node_modules`. */
  readonly external: readonly (string | RegExp)[];
}

/**
 * The build of a command whose start is waited for: with its dependencies in few small files, and their licences.
 */
export function defineBundle(options: BundleOptions): UserConfig {
  const { plugins, ...config } = bundled(options);
  // Before the plugin that puts the code of a command into another file.
  return defineConfig({ ...config, plugins: [asciiCode(), sparingBuiltins(), plugins], minify: true }) as UserConfig;
}

/**
 * The build of a package whose installation is pinned: it contains its dependencies and their licences, so that its
 * `package.json` does not name them. The declarations stay one file per source file, with the entry `index`.
 */
export function definePinnedPackage(options: BundleOptions): UserConfig[] {
  const { index = 'src/index.ts' } = options.entry;
  return [
    {
      ...bundled(options),
      clean: true,
      // One folder below `dist`, as deep as the sources that read files of their package.
      outputOptions: { chunkFileNames: 'lib/[name]-[hash].js' },
    },
    {
      ...BASE,
      entry: { index },
      outDir: options.outDir,
      external: [/^[^./]/],
      unbundle: true,
      clean: false,
      dts: { emitDtsOnly: true },
    },
  ];
}

/** The declarations of a source file, with the types of other packages in the same file. */
export function defineForeignTypes(entry: Readonly<Record<string, string>>): UserConfig {
  return defineConfig({
    ...BASE,
    entry: { ...entry },
    external: [/^@slack-mcp\//],
    noExternal: (id: string) => !id.startsWith('@slack-mcp/'),
    clean: false,
    dts: { emitDtsOnly: true },
    plugins: [licenses('FOREIGN-TYPES-LICENSES.txt')],
  }) as UserConfig;
}

function bundled({ entry, outDir, external }: BundleOptions): UserConfig {
  const isOutside = (id: string) => external.some((name) => (typeof name === 'string' ? id === name : name.test(id)));
  return {
    ...BASE,
    entry: { ...entry },
    outDir,
    noExternal: (id: string) => !isOutside(id),
    external: [...external],
    dts: false,
    plugins: [leanDependencies(), launchers(), declaredImports(), licenses('THIRD-PARTY-LICENSES.txt')],
  };
}

/** Writes the licences of the packages in a bundle beside it. */
function licenses(fileName: string): Rolldown.Plugin {
  return {
    name: 'third-party-licenses',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
      this.emitFile({ type: 'asset', fileName, source: thirdPartyLicenses(modules) });
    },
  };
}
