import { defineConfig, type UserConfig } from 'tsdown';

/**
 * The build of every published package: one `.js` and one `.d.ts` per source file, ESM only.
 * Files stay apart so that modules which are started by path (workers, child processes) keep their place.
 */
export function definePackage(entry: string[]): UserConfig {
  return defineConfig({
    entry,
    format: 'esm',
    platform: 'node',
    target: 'node22.18',
    unbundle: true,
    dts: true,
    fixedExtension: false,
    clean: true,
    tsconfig: 'tsconfig.json',
    report: false,
  }) as UserConfig;
}
