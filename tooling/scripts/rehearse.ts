import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkTwoProcesses } from './packaging/check-two-processes.ts';
import { publishPackages } from './packaging/publish-packages.ts';
import { checkStdio } from './rehearsal/check-stdio.ts';
import { LocalRegistry } from './rehearsal/local-registry.ts';
import { packageManager, run } from './run.ts';

// `pnpm rehearse`: a release of HEAD to a registry on this machine. Versions, publishes, and installs as users do.

const root = join(import.meta.dirname, '../..');
const work = await mkdtemp(join(tmpdir(), 'slack-mcp-rehearsal-'));
const clone = join(work, 'clone');
const pnpm = packageManager();
const started = performance.now();
const say = (text: string): void => console.error(`${((performance.now() - started) / 1_000).toFixed(0)} s  ${text}`);

let env: Readonly<Record<string, string>> = {};
async function must(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { code, output } = await run(command, args, { cwd, quiet: true, env });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed\n${output}`);
  return output;
}

async function emptyFolder(name: string): Promise<string> {
  const folder = join(work, 'installed', name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "name": "app", "private": true, "type": "module" }\n');
  return folder;
}

/** Loads the backend by its name, as the servers do. */
const discover = (backend: string): string => `
  import { loadBackend } from '@slack-mcp/core';
  const env = { REDIS_URL: 'redis://127.0.0.1:1', RABBITMQ_URL: 'amqp://127.0.0.1:1', KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1' };
  const { backend } = await loadBackend({ appRoot: import.meta.dirname, env: { ...env, QUEUE_BACKEND: '${backend}' } });
  console.log('found', backend.name);
  await backend.close();
`;

const SAME_ERRORS = `
  import assert from 'node:assert/strict';
  import * as ours from '@slack-mcp/core';
  import * as theirs from 'other-core';
  const error = new theirs.ConnectionError('from another copy');
  assert.notEqual(ours.ConnectionError, theirs.ConnectionError);
  assert.ok(ours.isQueueError(error) && error instanceof ours.ConnectionError && error instanceof ours.QueueError);
  console.log('recognized');
`;

let registry: LocalRegistry | undefined;
try {
  await must('git', ['clone', '--quiet', '--no-hardlinks', root, clone], work);
  await must(pnpm.command, [...pnpm.args, 'install', '--frozen-lockfile', '--prefer-offline'], clone);
  await must(join(clone, 'node_modules/.bin/changeset'), ['version'], clone);
  say('versions are set, changelogs are written');

  registry = await LocalRegistry.start(join(work, 'registry'));
  env = registry.env;
  say('the local registry answers');
  const kB = (bytes: number): string => `${(bytes / 1_000).toFixed(0)} kB`;
  const options = { root: clone, env, args: ['--provenance=false'] };
  await publishPackages({
    ...options,
    work: join(work, 'first'),
    report: ({ name, version, status, packedBytes, unpackedBytes }) =>
      say(`${status} ${name}@${version}: packed ${kB(packedBytes)}, unpacked ${kB(unpackedBytes)}`),
  });

  await appendFile(join(clone, 'packages/core/README.md'), '\nchanged\n');
  const again = publishPackages({ ...options, work: join(work, 'again'), only: ['@slack-mcp/core'], report: () => {} });
  const refusal = await again.then(
    () => 'published again',
    (error: Error) => error.message,
  );
  if (!/already published with other content: add a changeset/.test(refusal)) throw new Error(refusal);
  say('a version that exists is not published again');

  for (const backend of ['memory', 'redis', 'rabbitmq', 'kafka'] as const) {
    const folder = await emptyFolder(`npm-${backend}`);
    const names = ['@slack-mcp/core', '@slack-mcp/server', '@slack-mcp/consumer', `@slack-mcp/backend-${backend}`];
    await must('npm', ['install', '--no-audit', '--no-fund', ...names], folder);
    const size = (await must('du', ['-sk', 'node_modules'], folder)).split('\t')[0];
    const packages = (await must('npm', ['ls', '--all', '--parseable'], folder)).trim().split('\n').length - 1;
    say(`npm installed ${backend}: ${packages} packages, ${size} kB`);
    await writeFile(join(folder, 'discover.js'), discover(backend));
    say((await must('node', ['discover.js'], folder)).trim());
    if (backend === 'memory') continue;
    await checkTwoProcesses(folder, backend);
    say(`an event passed from the server through ${backend} to the consumer`);
  }

  const strict = await emptyFolder('pnpm-redis');
  const names = ['@slack-mcp/core', '@slack-mcp/server', '@slack-mcp/consumer', '@slack-mcp/backend-redis'];
  await must(pnpm.command, [...pnpm.args, 'add', '--config.minimum-release-age=0', ...names], strict);
  await writeFile(join(strict, 'discover.js'), discover('redis'));
  say(`pnpm: ${(await must('node', ['discover.js'], strict)).trim()}`);
  await checkTwoProcesses(strict, 'redis');
  say('pnpm: an event passed from the server through redis to the consumer');

  const yarn = ['-y', '-p', '@yarnpkg/cli-dist@4', 'yarn'];
  const plugAndPlay = await emptyFolder('yarn-memory');
  await writeFile(join(plugAndPlay, 'yarn.lock'), '');
  await must('npx', [...yarn, 'add', '@slack-mcp/core', '@slack-mcp/server', '@slack-mcp/backend-memory'], plugAndPlay);
  await writeFile(join(plugAndPlay, 'discover.js'), discover('memory'));
  say(`yarn Plug'n'Play: ${(await must('npx', [...yarn, 'node', 'discover.js'], plugAndPlay)).trim()}`);

  const two = await emptyFolder('two-cores');
  await must('npm', ['install', '--no-audit', '--no-fund', '@slack-mcp/core', 'other-core@npm:@slack-mcp/core'], two);
  await writeFile(join(two, 'errors.js'), SAME_ERRORS);
  say(`two copies of core: errors ${(await must('node', ['errors.js'], two)).trim()}`);

  say(`npx started the server over stdio with ${await checkStdio(await emptyFolder('npx'), env)} tools`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  await registry?.stop();
  await rm(work, { recursive: true, force: true });
}
