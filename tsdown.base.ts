import { defineConfig, type UserConfig } from 'tsdown';
import { declaredImports } from './tooling/scripts/packaging/declared-imports.ts';
import { launchers } from './tooling/scripts/packaging/launchers.ts';
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
  /** Name of the file and its source. */
  readonly entry: Readonly<Record<string, string>>;
  readonly outDir: string;
  /** Packages that stay outside, to be loaded from `node_modules`. */
  readonly external: readonly (string | RegExp)[];
}

/**
 * The build of a command whose start is waited for: with its dependencies in few small files, and their licences.
 */
export function defineBundle({ entry, outDir, external }: BundleOptions): UserConfig {
  const isOutside = (id: string) => external.some((name) => (typeof name === 'string' ? id === name : name.test(id)));
  return defineConfig({
    ...BASE,
    entry: { ...entry },
    outDir,
    minify: true,
    noExternal: (id: string) => !isOutside(id),
    external: [...external],
    plugins: [
      launchers(),
      declaredImports(),
      {
        name: 'third-party-licenses',
        generateBundle(_options, bundle) {
          const modules = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
          this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-LICENSES.txt', source: thirdPartyLicenses(modules) });
        },
      },
    ],
  }) as UserConfig;
}
