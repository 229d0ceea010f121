import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renderMethodTable } from '../methods/method-table.ts';

const root = join(import.meta.dirname, '../../..');

test('the table of Slack methods is up to date with the types of the client', () => {
  const file = join(root, 'packages/server/src/tools/toolsets/methods/method-table.json');
  expect(renderMethodTable(root)).toBe(readFileSync(file, 'utf8'));
});
