import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packedGuide } from '../packaging/pack-guide.ts';

test('the packed guide has no link that leads out of the package', () => {
  const guide = packedGuide();
  expect(guide).toMatch(/^# Writing a backend/);
  expect(guide).not.toMatch(/\]\((?!https:|#)/);
  expect(guide).toContain('a `PublishTarget`'.slice(2));
});

test('the conformance package holds the guide', () => {
  const manifest = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../packages/conformance/package.json'), 'utf8'),
  );
  expect(manifest.files).toContain('writing-a-backend.md');
  expect(manifest.scripts.prepack).toContain('pack-guide.ts');
});
