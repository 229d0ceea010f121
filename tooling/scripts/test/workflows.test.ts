import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const FOLDER = join(import.meta.dirname, '../../../.github/workflows');
const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

test.each(readdirSync(FOLDER))('%s names no secret', (name) => {
  expect(read(name)).not.toMatch(/\bsecrets[.[]|NPM_TOKEN|NODE_AUTH_TOKEN/);
});

test('the pull request with the next versions gets a run of CI', () => {
  const { permissions, steps } = parse(read('release.yml')).jobs.versions;
  const dispatch = steps.find(({ run }: { run?: string }) => run?.startsWith('gh workflow run '));
  expect(dispatch.run).toBe('gh workflow run ci.yml --ref changeset-release/main');
  expect(permissions.actions).toBe('write');
  expect(parse(read('ci.yml')).on).toHaveProperty('workflow_dispatch');
});
