import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { apiReport } from '../api/api-report.ts';
import { unannouncedReports } from '../api/unannounced-reports.ts';

const INDEX = 'import { a, B } from "./part.js";\nexport { type B, a };';
const PART =
  '/** Adds. */\ndeclare function a(b: B): void;\n/** A thing. */\ninterface B {\n  /** Its size. */\n  size: number;\n}\nexport { B, a };';

function report(part: string, index = INDEX) {
  const folder = mkdtempSync(join(tmpdir(), 'api-report-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'dist/index.d.ts'), index);
  writeFileSync(join(folder, 'dist/part.d.ts'), part);
  writeFileSync(join(folder, 'dist/internal.d.ts'), 'declare const internal: 1;\nexport { internal };');
  return apiReport(folder, 'x', new Map([['x', './dist/index.d.ts']]));
}

test('contains what an entry exports, and what that uses', () => {
  const { text, undocumented } = report(PART);
  expect(text).toContain('- `B`\n- `a`');
  expect(text).toContain('size: number;');
  expect(text).not.toContain('internal');
  expect(text).not.toContain('Adds');
  expect(undocumented).toEqual([]);
});

test('changes with the types, not with the comments', () => {
  expect(report(PART.replace('size: number', 'size: string')).text).not.toBe(report(PART).text);
  expect(report(PART.replace('Its size', 'The size')).text).toBe(report(PART).text);
});

test('names exports without TSDoc', () => {
  expect(report(PART.replace('/** A thing. */\n', '')).undocumented).toEqual(['part.d.ts: B']);
});

const TEXTS: Readonly<Record<string, string>> = {
  '.changeset/of-a.md': "---\n'@x/a': minor\n---",
  '.changeset/as-written.md': '---\n"@x/a": minor\n---',
};

test('a changed report needs a changeset that names its package', () => {
  const packages = [{ name: '@x/a', folder: '/root/packages/a' }];
  const find = (...changed: string[]) => unannouncedReports(changed, packages, '/root', (path) => TEXTS[path] ?? '');
  expect(find('packages/a/api.md')).toEqual([
    'the public types of @x/a changed, but no changeset names it: run pnpm changeset',
  ]);
  expect(find('packages/a/api.md', '.changeset/other.md')).toHaveLength(1);
  expect(find('packages/a/api.md', '.changeset/of-a.md')).toEqual([]);
  expect(find('packages/a/api.md', '.changeset/as-written.md')).toEqual([]);
  expect(find('packages/a/api.md', 'packages/a/CHANGELOG.md', '.changeset/of-a.md')).toEqual([]);
  expect(find('packages/a/src/index.ts')).toEqual([]);
});
