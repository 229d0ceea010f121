import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';

// Runs every JavaScript snippet of the guide for plugins, in an application with the backend of the reference.

const root = fileURLToPath(new URL('../../../', import.meta.url));
const guide = join(root, 'docs', 'plugins');
const read = (page: string): string => readFileSync(join(guide, page), 'utf8');
const files = [...read('writing-a-backend.md').matchAll(/^### `([^`]+)`\n\n```\w+\n([\s\S]*?)^```/gm)];
const snippets = ['README.md', 'loading.md'].flatMap((page) =>
  [...read(page).matchAll(/^```js\n([\s\S]*?)^```/gm)].map(([, code = ''], index) => ({ page, index, code })),
);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plugin-guide-'));
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@slack-mcp'), { recursive: true });
  for (const name of ['core', 'conformance', 'backend-memory']) {
    symlinkSync(join(root, 'packages', name), join(modules, '@slack-mcp', name));
  }
  mkdirSync(join(modules, 'backend-tiny'));
  for (const [, name = '', text = ''] of files) writeFileSync(join(modules, 'backend-tiny', name), text);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "dependencies": { "backend-tiny": "*" } }');
  return () => rmSync(folder, { recursive: true });
});

function run(code: string, name: string): Promise<string> {
  const file = join(folder, name);
  writeFileSync(file, code);
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--conditions=@slack-mcp/source', file],
      { cwd: folder, env },
      (_e, out, err) => resolve(`${out}${err}exit ${child.exitCode}`),
    );
  });
}

/** What the snippets print, in order. */
const PRINTED: Readonly<Record<string, readonly RegExp[]>> = {
  'README.md': [
    /^tiny environment\napp_mention\nup\nexit 0$/,
    /^true TINY_SIZE .*example.*\nexit 0$/,
    /^attempt 2\nexit 0$/,
    /^\d+ properties, \d+ run alone\nexit 0$/,
  ],
  'loading.md': [
    /^tiny\nexit 0$/,
    /^tiny plugin\nexit 0$/,
    /^ERR_QUEUE_BACKEND_INVALID .*needs version 2 of the backend API.*\nexit 0$/,
  ],
};

test.concurrent.each(snippets)('snippet $index of $page runs', async ({ page, index, code }) => {
  expect(await run(code, `${page}-${index}.js`)).toMatch(PRINTED[page]?.[index] as RegExp);
});

describe('the pages', () => {
  test('have no snippet that is not run', () => {
    for (const [page, printed] of Object.entries(PRINTED)) {
      expect(snippets.filter((snippet) => snippet.page === page)).toHaveLength(printed.length);
    }
  });

  test('link only to files that exist', () => {
    for (const page of readdirSync(guide)) {
      for (const [, target = ''] of read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
        expect(() =>
          readdirSync(join(guide, target, target.endsWith('.md') || target.endsWith('.ts') ? '..' : '.')),
        ).not.toThrow();
      }
    }
  });
});
