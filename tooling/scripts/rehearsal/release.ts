import { appendFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Publication, type PublishOptions, publishPackages } from '../packaging/publish-packages.ts';
import { mustRun, packageManager } from '../run.ts';
import type { LocalRegistry } from './local-registry.ts';

/** The folders of a release. */
export interface ReleaseOptions {
  /** The root of the repository. */
  readonly root: string;
  /** An empty folder. */
  readonly work: string;
  report(publication: Publication): void;
}

/** Clones HEAD, builds it, sets the next versions, and publishes the packages to a registry on this machine. */
export async function releaseTo(registry: LocalRegistry, { root, work, report }: ReleaseOptions): Promise<void> {
  const clone = join(work, 'clone');
  const { command, args } = packageManager();
  await mustRun('git', ['clone', '--quiet', root, clone]);
  await mustRun(command, [...args, 'install', '--frozen-lockfile', '--prefer-offline'], { cwd: clone });
  // Before the versions change, so that turbo finds what it has built in the repository.
  const repository = dirname(
    (await mustRun('git', ['rev-parse', '--path-format=absolute', '--git-common-dir'], { cwd: root })).trim(),
  );
  const build = [
    'exec',
    'turbo',
    'run',
    'build',
    '--output-logs=errors-only',
    '--cache-dir',
    join(repository, '.turbo/cache'),
  ];
  await mustRun(command, [...args, ...build], { cwd: clone });
  await mustRun(join(clone, 'node_modules/.bin/changeset'), ['version'], { cwd: clone });

  const options = { root: clone, args: ['--provenance=false'], work: join(work, 'tarballs') };
  await mkdir(options.work);
  await writeFile(join(options.work, 'package.json'), '{ "private": true }\n');
  await writeFile(join(options.work, '.npmrc'), registry.npmrc);
  await publishPackages({ ...options, report });
  await leavesSameContent(options);
  await refusesOtherContent(clone, options);
  await publishNextCore(clone, { ...options, work: join(work, 'next'), report });
}

/**
 * Publishes `core` once more with the tag `next`, so that an installation can have two versions. No range of the other
 * packages contains this version.
 */
async function publishNextCore(clone: string, options: PublishOptions): Promise<void> {
  const file = join(clone, 'packages/core/package.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as { version: string };
  const major = Number(manifest.version.split('.')[0]) + 1;
  await writeFile(file, JSON.stringify({ ...manifest, version: `${major}.0.0` }));
  await mkdir(options.work);
  for (const name of ['package.json', '.npmrc'])
    await cp(join(options.work, '../tarballs', name), join(options.work, name));
  const args = [...(options.args ?? []), '--tag', 'next'];
  await publishPackages({ ...options, args, only: ['@slack-mcp/core'] });
}

async function leavesSameContent(options: { root: string; work: string }): Promise<void> {
  const statuses: string[] = [];
  await publishPackages({ ...options, only: ['@slack-mcp/core'], report: ({ status }) => statuses.push(status) });
  if (String(statuses) !== 'unchanged') throw new Error(`a version that exists was ${statuses}, not left alone`);
}

async function refusesOtherContent(clone: string, options: { root: string; work: string }): Promise<void> {
  await appendFile(join(clone, 'packages/core/README.md'), '\nchanged\n');
  const again = publishPackages({ ...options, only: ['@slack-mcp/core'], report: () => {} });
  const refusal = await again.then(
    () => 'a version was published twice with different content',
    (error: Error) => error.message,
  );
  if (!/^@slack-mcp\/core@\S+ is already published with other content: add a changeset/.test(refusal)) {
    throw new Error(refusal);
  }
}
