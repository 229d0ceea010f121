import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { packMcpb } from './packaging/pack-mcpb.ts';

// Packs the bundle for desktop clients and puts it in the root. Expects `dist` to be built.

const root = join(import.meta.dirname, '../..');
const work = await mkdtemp(join(tmpdir(), 'slack-mcp-mcpb-'));
try {
  const file = await packMcpb(root, work);
  await copyFile(file, join(root, basename(file)));
  console.error(`wrote ${basename(file)}`);
} finally {
  await rm(work, { recursive: true, force: true });
}
