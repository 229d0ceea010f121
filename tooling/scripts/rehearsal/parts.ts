import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brokerNames } from '../../brokers/src/index.ts';
import { publishedPackages } from '../packaging/published-packages.ts';
import { mustRun } from '../run.ts';
import { checkCreateBackend } from './check-create-backend.ts';
import { checkEvents } from './check-events.ts';
import { checkStdio } from './check-stdio.ts';
import { checkTypes } from './check-types.ts';
import { type Installation, type Manager, managers } from './installation.ts';
import { installedSize } from './installed-size.ts';
import type { Stage } from './stage.ts';

/** A part of the rehearsal that can run alone. */
export interface Part {
  /** Words with `-` between them. `--only` chooses parts by these words. */
  readonly name: string;
  /** Resolves with what was seen. */
  run(stage: Stage): Promise<string>;
}

const BACKENDS = ['memory', ...brokerNames] as const;
type BackendName = (typeof BACKENDS)[number];

const SERVER = ['@slack-mcp/core', '@slack-mcp/server', '@slack-mcp/consumer'];
const packageOf = (backend: BackendName): string => `@slack-mcp/backend-${backend}`;

/** The sizes, every backend with every package manager, then what does not depend on them. */
export const parts: readonly Part[] = [
  { name: 'sizes', run: sizes },
  ...managers.flatMap((manager) => BACKENDS.map((backend) => withBackend(manager, backend))),
  { name: 'types', run: types },
  { name: 'two-cores', run: twoCores },
  { name: 'npx', run: npx },
  { name: 'create', run: create },
];

/** The parts that have all the words of one of the names. */
export function chooseParts(names: readonly string[]): readonly Part[] {
  if (names.length === 0) return parts;
  const has = (part: Part, name: string): boolean =>
    name.split('-').every((word) => part.name.split('-').includes(word));
  const unknown = names.find((name) => !parts.some((part) => has(part, name)));
  if (unknown !== undefined) {
    throw new Error(`no part is named ${unknown}; parts: ${parts.map(({ name }) => name).join(', ')}`);
  }
  return parts.filter((part) => names.some((name) => has(part, name)));
}

function withBackend(manager: Manager, backend: BackendName): Part {
  return {
    name: `${manager}-${backend}`,
    async run(stage) {
      // npm puts all packages side by side, where one backend could use what another one installs. The others do not.
      const installation = await (manager === 'npm'
        ? withNpm(stage, backend)
        : stage.installation(manager, manager, [...SERVER, ...BACKENDS.map(packageOf)]));
      const { folder, env } = installation;
      await writeFile(join(folder, 'discover.js'), DISCOVER);
      const found = await mustRun('node', ['discover.js'], { cwd: folder, env: { ...env, QUEUE_BACKEND: backend } });
      if (!found.includes(`found ${backend}`)) throw new Error(`the backend is not found by its name\n${found}`);
      await checkEvents(installation, backend === 'memory' ? undefined : await stage.broker(backend));
      return 'the backend is found by its name, and an event passes from the server to the worker';
    },
  };
}

function withNpm(stage: Stage, backend: BackendName): Promise<Installation> {
  return stage.installation(`npm-${backend}`, 'npm', [...SERVER, packageOf(backend)]);
}

/** Loads the backend that the environment names, as the servers do. Opens no connection. */
const DISCOVER = `
  import { loadBackend } from '@slack-mcp/core';
  const addresses = { REDIS_URL: 'redis://127.0.0.1', RABBITMQ_URL: 'amqp://127.0.0.1', KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1' };
  const { backend } = await loadBackend({ appRoot: import.meta.dirname, env: { ...addresses, ...process.env } });
  console.log('found', backend.name);
  await backend.close();
`;

async function sizes(stage: Stage): Promise<string> {
  const names = publishedPackages(stage.root).map(({ name }) => name);
  const { folder } = await stage.installation('npm-all', 'npm', names);
  const MB = (bytes: number): string => `${(bytes / 1_000_000).toFixed(2)} MB`;
  const lines = names.map((name) => {
    const { version, own, withDependencies, dependencies } = installedSize(folder, name);
    return `  ${name}@${version}: installed ${MB(own)}, with ${dependencies} dependencies ${MB(withDependencies)}`;
  });
  return `all packages installed together\n${lines.join('\n')}`;
}

async function types(stage: Stage): Promise<string> {
  const { folder } = await withNpm(stage, 'memory');
  await checkTypes(folder, stage.root);
  return 'a worker compiles, and a misspelled method does not';
}

async function twoCores(stage: Stage): Promise<string> {
  const packages = ['@slack-mcp/core', 'other-core@npm:@slack-mcp/core@next'];
  const { folder } = await stage.installation('two-cores', 'npm', packages);
  await writeFile(join(folder, 'errors.js'), SAME_ERRORS);
  await mustRun('node', ['errors.js'], { cwd: folder });
  return 'two versions of core recognize the errors of each other';
}

const SAME_ERRORS = `
  import assert from 'node:assert/strict';
  import * as ours from '@slack-mcp/core';
  import ourManifest from '@slack-mcp/core/package.json' with { type: 'json' };
  import * as theirs from 'other-core';
  import theirManifest from 'other-core/package.json' with { type: 'json' };
  assert.notEqual(ourManifest.version, theirManifest.version);
  assert.notEqual(ours.ConnectionError, theirs.ConnectionError);
  for (const [one, other] of [[ours, theirs], [theirs, ours]]) {
    const error = new other.ConnectionError('from another copy');
    assert.ok(one.isQueueError(error) && error instanceof one.ConnectionError && error instanceof one.QueueError);
    assert.ok(!(error instanceof one.ConfigurationError));
  }
`;

async function npx(stage: Stage): Promise<string> {
  const folder = await stage.application('npx');
  // npx keeps what it installed by its version, which is the same in each rehearsal.
  const command = ['--yes', '--cache', join(folder, 'npm-cache'), '@slack-mcp/server'];
  const first = await checkStdio('npx', command, folder);
  const second = await checkStdio('npx', command, folder);
  return `${first.tools} tools over stdio; initialized ${first.startMs} ms after npx with nothing cached, then ${second.startMs} ms`;
}

async function create(stage: Stage): Promise<string> {
  await checkCreateBackend(await stage.application('create'), stage.registry);
  return 'a new backend compiles, passes its tests and is found by its name';
}
