import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packedGuide } from '../packaging/pack-guide.ts';

test('the packed guide has no link that leads out of the package', () => {
  const guide = packedGuide();
  expect([...guide.keys()].sort()).toEqual(['README.md', 'loading.md', 'writing-a-backend.md']);
  for (const text of guide.values()) {
    for (const [, target = ''] of text.matchAll(/\]\((?!https:|#)([^)#]+)/g))
      expect([...guide.keys()]).toContain(target);
  }
  const repository = 'https://github.com/slack-mcp/slack-mcp/blob/main';
  expect(guide.get('writing-a-backend.md')).toContain(
    `[\`PublishTarget\`](${repository}/packages/core/src/publishing/publish-target.ts)`,
  );
  expect(guide.get('README.md')).toContain(`(${repository}/examples/custom-backend)`);
});

test('the conformance package holds the guide', () => {
  const manifest = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../packages/conformance/package.json'), 'utf8'),
  );
  expect(manifest.files).toContain('guide');
  expect(manifest.scripts.build).toContain('pack-guide.ts');
});
