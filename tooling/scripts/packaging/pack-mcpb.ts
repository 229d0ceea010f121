import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'tsdown';
import { selectTools } from '../../../packages/server/src/tools/select-tools.ts';
import { allToolsets } from '../../../packages/server/src/tools/toolsets/all-toolsets.ts';
import { defineBundle } from '../../../tsdown.base.ts';
import { MCPB_ENTRY, renderMcpbManifest } from '../manifests/mcpb-manifest.ts';
import type { ServerManifest } from '../manifests/server-manifest.ts';
import { run } from '../run.ts';

/** Packages that the server loads by name at run time, so they must be present as packages. */
const LOADED_BY_NAME = ['core', 'backend-memory'];

/**
 * Packs the server and its dependencies into one file for desktop clients. Expects `dist` to be built.
 *
 * @param root - the repository's root
 * @param work - an empty working folder
 * @returns the path of the file
 */
export async function packMcpb(root: string, work: string): Promise<string> {
  const server = join(root, 'packages/server');
  const manifest = JSON.parse(await readFile(join(server, 'package.json'), 'utf8')) as ServerManifest;
  const folder = join(work, 'bundle');
  await mkdir(folder, { recursive: true });
  const [entry = '', file = ''] = MCPB_ENTRY.split('/');
  const options = defineBundle({
    entry: { [file.replace(/\.js$/, '')]: join(server, 'src/bin/slack-mcp-server.ts') },
    outDir: join(folder, entry),
    external: [/^@slack-mcp\/backend-/, '@slack/socket-mode'],
  });
  await build({ ...options, cwd: server, config: false, logLevel: 'error' });
  for (const name of LOADED_BY_NAME) {
    for (const part of ['dist', 'package.json']) {
      const target = join(folder, 'node_modules/@slack-mcp', name, part);
      await cp(join(root, 'packages', name, part), target, { recursive: true });
    }
  }
  await writeFile(join(folder, 'package.json'), packageJson(manifest));
  const { tools } = selectTools(allToolsets, {}, ['bot']);
  await writeFile(join(folder, 'manifest.json'), renderMcpbManifest(manifest, tools));
  for (const name of ['README.md', 'LICENSE']) await cp(join(server, name), join(folder, name));
  const packed = join(work, `slack-mcp-${manifest.version}.mcpb`);
  const { code, output } = await run('mcpb', ['pack', folder, packed], { quiet: true });
  if (code !== 0) throw new Error(`mcpb pack failed\n${output}`);
  return packed;
}

function packageJson({ name, version, description, license, engines }: ServerManifest): string {
  const dependencies = { '@slack-mcp/backend-memory': version };
  return `${JSON.stringify({ name, version, description, license, type: 'module', engines, dependencies }, undefined, 2)}\n`;
}
