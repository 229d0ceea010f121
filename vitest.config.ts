import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// The scripts `test` of the packages run vitest in the folder of the package.
process.chdir(import.meta.dirname);

/** Packages with tests, and their setup files for vitest. */
const packages = ['packages', 'tooling', 'examples'].flatMap((folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(`${folder}/${entry.name}/test`))
    .map(({ name }) => {
      const setups = (file: string): string[] => [`${folder}/${name}/test/${file}`].filter((path) => existsSync(path));
      const [globalSetup, setupFiles] = [setups('global-setup.ts'), setups('setup.ts')];
      return { name, roots: [`${folder}/${name}`], globalSetup, setupFiles };
    }),
);

/** One project of several packages. */
const together = (name: string, members: typeof packages): (typeof packages)[number] => ({
  name,
  roots: members.flatMap(({ roots }) => roots),
  globalSetup: members.flatMap(({ globalSetup }) => globalSetup),
  setupFiles: members.flatMap(({ setupFiles }) => setupFiles),
});

/**
 * With `--project`, each package is a project. Otherwise there are only two, because vitest starts other workers for
 * each project, and each worker evaluates the modules again. What a setup file changes for the whole process stays in
 * the second. `vitest.runner.ts` runs a setup file only for the tests of its package.
 */
const isNamed = process.argv.some((argument) => argument.startsWith('--project'));
const hasSetup = ({ setupFiles }: (typeof packages)[number]): boolean => setupFiles.length > 0;
const projects = isNamed
  ? packages
  : [
      together(
        'shared',
        packages.filter((each) => !hasSetup(each)),
      ),
      together('set-up', packages.filter(hasSetup)),
    ];

/** Clusters of brokers take minutes: `pnpm test:clusters` runs their tests, `pnpm test` does not. */
const clusters = process.env['CLUSTERS'] === 'on' ? [] : ['**/test/**/*.cluster.test.ts'];

/** With `FC_SEED` property tests try the same values in each run. */
const seed = process.env['FC_SEED'] === undefined ? [] : [resolve('tooling/test-support/src/property-seed.ts')];

/** Files that wait most of their time, for downloads or for brokers: they start first, so that others run beside them. */
const LONGEST = [
  'server/test/mcp/clients/python',
  'conformance-runner/test/judged',
  'campaign/test/campaign',
  'conformance-runner/test/backends',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = LONGEST.findIndex((part) => moduleId.includes(part));
      return index === -1 ? LONGEST.length : index;
    };
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

// Node keeps what it compiled, types stripped, for the next of the many processes that run our sources.
process.env['NODE_COMPILE_CACHE'] ??= resolve('node_modules/.cache/node-compile');

export default defineConfig({
  ssr: { resolve: { conditions: ['@slack-mcp/source'] } },
  test: {
    // Three for each of the two processors that are assumed: tests wait for processes and brokers more than they work.
    maxWorkers: 6,
    // A module is evaluated once for each worker, not once for each file: half of the processor time. No module of ours
    // has state, and tests restore what they change.
    isolate: false,
    unstubEnvs: true,
    // Node runs the sources itself, types stripped, and keeps what it compiled for all processes: a quarter less of the
    // processor time than Vite's module runner takes. Tests do not replace modules, so they need no loader.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    runner: resolve('vitest.runner.ts'),
    // Tests that overlap wait more than they work.
    maxConcurrency: 8,
    sequence: { sequencer: LongestFirst },
    // Brokers that test files share are started once, when the first file asks.
    globalSetup: ['./tooling/brokers/src/vitest-global-setup.ts'],
    testTimeout: 60_000,
    // The default, a second, is too short on a busy machine. A condition that is met ends the wait at once.
    expect: { poll: { timeout: 30_000 } },
    hookTimeout: 180_000,
    projects: [
      ...projects.map(({ name, roots, globalSetup, setupFiles }) => ({
        extends: true as const,
        test: {
          name,
          include: roots.map((root) => `${root}/test/**/*.test.ts`),
          exclude: [...configDefaults.exclude, ...clusters],
          globalSetup,
          setupFiles: [...seed, ...setupFiles],
        },
      })),
    ],
  },
});
