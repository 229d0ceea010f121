import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { forgetOurs } from './rehearsal/installation.ts';
import { LocalRegistry } from './rehearsal/local-registry.ts';
import { chooseParts, type Part } from './rehearsal/parts.ts';
import { releaseTo } from './rehearsal/release.ts';
import { Stage } from './rehearsal/stage.ts';
import { rehearsalTools } from './rehearsal/tools.ts';

// `pnpm rehearse [--only PART]…`: a release of HEAD to a registry on this machine. Sets the versions, publishes, and
// installs as users do. `--only rabbitmq` runs the parts of RabbitMQ, `--only npm-redis` one part. With `--serve`, the
// registry stays until Ctrl+C, to try the packages by hand.

const { values, chosen } = readArguments();

const root = join(import.meta.dirname, '../..');
const cache = join(root, 'node_modules/.cache/rehearsal');
const work = await mkdtemp(join(tmpdir(), 'slack-mcp-rehearsal-'));
const started = performance.now();
const say = (text: string): void => console.error(`${((performance.now() - started) / 1_000).toFixed(0)} s  ${text}`);
const kB = (bytes: number): string => `${(bytes / 1_000).toFixed(0)} kB`;

let registry: LocalRegistry | undefined;
let stage: Stage | undefined;
const failed: string[] = [];
try {
  const tools = await rehearsalTools(join(cache, 'tools'));
  registry = await LocalRegistry.start(tools.verdaccio, join(work, 'registry'));
  say('the local registry answers');
  await releaseTo(registry, {
    root,
    work: join(work, 'release'),
    report: ({ name, version, packedBytes, unpackedBytes }) =>
      say(`published ${name}@${version}: packed ${kB(packedBytes)}, unpacked ${kB(unpackedBytes)}`),
  });
  say('a version that exists is not published again with other content');

  const yarnCache = join(cache, 'yarn');
  if (chosen.length > 0) await forgetOurs(yarnCache);
  stage = new Stage({ root, registry, work: join(work, 'installed'), yarn: tools.yarn, yarnCache });
  for (const { name, run } of chosen) {
    const began = performance.now();
    const seconds = (): string => `${((performance.now() - began) / 1_000).toFixed(1)} s`;
    try {
      const seen = await run(stage);
      say(`ok ${name} (${seconds()}): ${seen}`);
    } catch (error) {
      failed.push(name);
      say(`FAILED ${name} (${seconds()}): ${(error as Error).message}`);
    }
  }
  say(`${chosen.length - failed.length} parts passed, ${failed.length} failed ${failed.join(', ')}`.trimEnd());
  if (values.serve) {
    say(`serving until Ctrl+C; write this into .npmrc of an empty folder:\n${registry.npmrc}`);
    say(`for a global installation: npm install --global --@slack-mcp:registry=${registry.url} @slack-mcp/server`);
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    await promise;
  }
} catch (error) {
  failed.push('release');
  console.error((error as Error).message);
} finally {
  await stage?.close();
  await registry?.stop();
  await rm(work, { recursive: true, force: true });
}
process.exitCode = failed.length === 0 ? 0 : 1;

function readArguments() {
  try {
    const { values } = parseArgs({
      options: { only: { type: 'string', multiple: true, default: [] }, serve: { type: 'boolean', default: false } },
    });
    const chosen: readonly Part[] = values.serve && values.only.length === 0 ? [] : chooseParts(values.only);
    return { values, chosen };
  } catch (error) {
    const usage = error instanceof TypeError ? ' (usage: pnpm rehearse [--only PART]… [--serve])' : '';
    console.error(`rehearse: ${(error as Error).message.replaceAll('\n', ' ')}${usage}`);
    process.exit(2);
  }
}
