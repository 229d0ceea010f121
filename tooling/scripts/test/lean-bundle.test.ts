import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'tsdown';
import { expect, onTestFinished, test } from 'vitest';
import { defineBundle } from '../../../tsdown.base.ts';

const server = createRequire(new URL('../../../packages/server/package.json', import.meta.url));
const module = (name: string): string => JSON.stringify(server.resolve(name).replace('/dist/cjs/', '/dist/esm/'));

/** Bundles a program as the command for stdio is bundled. Returns the path and the code of the bundle. */
async function bundled(program: string): Promise<{ file: string; code: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'lean-bundle-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'x', version: '1.0.0', type: 'module' }));
  writeFileSync(join(folder, 'tsconfig.json'), '{}');
  writeFileSync(join(folder, 'src/program.ts'), program);
  await build({
    ...defineBundle({ entry: { program: 'src/program.ts' }, outDir: 'dist', external: [] }),
    ...{ cwd: folder, config: false, logLevel: 'error' },
  });
  const file = join(folder, 'dist/program.js');
  return { file, code: readFileSync(file, 'utf8') };
}

const output = async (file: string): Promise<string> => (await promisify(execFile)(process.execPath, [file])).stdout;

test('of a server of the MCP SDK has no validator and no schema of messages that no server receives', async () => {
  const { file, code } = await bundled(`
    import { Server } from ${module('@modelcontextprotocol/sdk/server/index.js')};
    new Server({ name: 'x', version: '1' }, { capabilities: {}, jsonSchemaValidator: { getValidator() {} } } as never);
    try {
      new Server({ name: 'x', version: '1' }, { capabilities: {} });
    } catch (error) {
      console.log(error.message);
    }
  `);
  // Parts of a schema that servers use, of one that only clients use, and of AJV.
  const parts = ['notifications/cancelled', 'ref/prompt', 'strictTypes'];
  expect(parts.filter((part) => code.includes(part))).toEqual(['notifications/cancelled']);
  expect(await output(file)).toMatch(/^This bundle has no JSON Schema validator\. Pass the option jsonSchemaValidator/);
});

test('does not read the properties of the process that only a few programs need', async () => {
  const { file, code } = await bundled(`
    import { Command } from ${module('commander')};
    new Command().parse([]);
    console.log(process.moduleLoadList.includes('NativeModule internal/process/report'));
  `);
  expect(code.includes('node:process')).toBe(false);
  expect(await output(file)).toBe('false\n');
});

test('loads of the modules of Node only what it uses', async () => {
  const { file, code } = await bundled(`
    import system, { readFileSync as read } from 'node:fs';
    import * as paths from 'node:path';
    import { join } from 'path';
    import { default as util, inspect } from 'node:util';
    const loaded = (name) => process.moduleLoadList.includes('NativeModule ' + name);
    const before = loaded('internal/fs/promises');
    console.log(JSON.stringify([
      before, read === system.readFileSync, paths.join === join, util.inspect === inspect, typeof system.promises.open,
    ]));
  `);
  expect(code).not.toMatch(/from\s*["']/);
  expect(JSON.parse(await output(file))).toEqual([false, true, true, true, 'function']);
});

test('has only ASCII, with the same values', async () => {
  const { file, code } = await bundled(`
    const name = process.argv[9] ?? 'é… 👍\\u200d';
    console.log(JSON.stringify([name, /^[👍🎉]$/u.test('🎉'), \`→\${name}\`]));
  `);
  expect(/[\u0080-\uffff]/.test(code)).toBe(false);
  expect(JSON.parse(await output(file))).toEqual(['é… 👍\u200d', true, '→é… 👍\u200d']);
});

test('is refused if an escape would change a value', async () => {
  await expect(bundled('console.log(String.raw`→`);')).rejects.toThrow('write this raw template with ASCII only');
});
