import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishPackages } from './packaging/publish-packages.ts';

// Publishes the packages whose version the registry does not have. Passes its arguments to `npm publish`:
// `node tooling/scripts/publish.ts --provenance --tag canary`. Expects `dist` to be built.

const work = await mkdtemp(join(tmpdir(), 'slack-mcp-publish-'));
try {
  await publishPackages({
    root: join(import.meta.dirname, '../..'),
    work,
    args: process.argv.slice(2),
    report: ({ name, version, status, packedBytes }) => {
      console.error(`${status} ${name}@${version} (${(packedBytes / 1_000).toFixed(0)} kB)`);
    },
  });
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  await rm(work, { recursive: true, force: true });
}
