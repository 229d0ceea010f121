import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { thirdPartyLicenses } from '../packaging/third-party-licenses.ts';

/** A module of a package with these files. */
function moduleOf(manifest: object, files: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'licenses-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const folder = join(root, 'node_modules/one');
  mkdirSync(join(folder, 'lib'), { recursive: true });
  const all = { 'package.json': JSON.stringify({ name: 'one', version: '1.2.3', ...manifest }), ...files };
  for (const [file, text] of Object.entries(all)) writeFileSync(join(folder, file), text);
  return join(folder, 'lib/index.js');
}

test('contains the file of the licence, and the notice', () => {
  const text = thirdPartyLicenses([
    moduleOf({ license: 'Apache-2.0' }, { 'LICENSE.md': 'the terms\n', NOTICE: 'made by one' }),
  ]);
  expect(text).toMatch(/\n\none 1\.2\.3: Apache-2\.0\n\nthe terms\n\nmade by one\n$/);
});

test.each(['Ada <ada@example.com>', { name: 'Ada', email: 'ada@example.com' }])(
  'contains the terms of MIT for the author %j if the package has no file of its licence',
  (author) => {
    const text = thirdPartyLicenses([moduleOf({ license: 'MIT', author })]);
    expect(text).toMatch(
      /one 1\.2\.3: MIT\n\nMIT License\n\nCopyright \(c\) Ada <ada@example\.com>\n\nPermission is hereby/,
    );
    expect(text).toMatch(/THE SOFTWARE IS PROVIDED "AS IS"/);
    expect(text).not.toContain('slack-mcp');
  },
);

test.each([
  ['no licence', {}, /^one@1\.2\.3 names no licence$/],
  [
    'another licence without its file',
    { license: 'ISC', author: 'Ada' },
    /^one@1\.2\.3 has no text of its licence ISC:/,
  ],
  ['MIT without a file and an author', { license: 'MIT' }, /^one@1\.2\.3 has no text of its licence MIT:/],
])('refuses a package with %s', (_, manifest, message) => {
  expect(() => thirdPartyLicenses([moduleOf(manifest)])).toThrow(message);
});
