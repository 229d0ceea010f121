import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as backend from '../src/backend.ts';
import { envTable } from '../src/config/env-table.ts';
import * as core from '../src/index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('the README contains the table of variables', () => {
  expect(readme).toContain(`\n${envTable(core.QUEUE_ENV)}\n\n`);
});

test('the README lists every error with its code and whether it is retryable', () => {
  const rows = readme.matchAll(/^\| `(\w+Error)` +\| `(\w+)` +\| (yes|no) +\|/gm);
  const documented = Array.from(rows, ([, name, code, retryable]) => [name, { code, retryable: retryable === 'yes' }]);
  const actual = Object.entries(core).flatMap(([name, value]) => {
    if (!/Error$/.test(name) || /^is|^QueueError$/.test(name)) return [];
    const { code, retryable } = new (value as typeof core.ConnectionError)('x');
    return [[name, { code, retryable }]];
  });
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(actual));
});

test('every name in the README exists', () => {
  const called = Array.from(readme.matchAll(/`(\w+)\(/g), ([, name]) => name as string);
  expect(called.filter((name) => !(name in core || name in backend) && !['close', 'publish'].includes(name))).toEqual(
    [],
  );
});
