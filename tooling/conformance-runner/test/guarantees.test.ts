import { properties, runConformance } from '@slack-mcp/conformance';
import { expect, test } from 'vitest';
import { findHarnesses, loadMemory } from '../src/find-harnesses.ts';
import { readGuarantees, renderBackendGuarantees, renderGuarantees } from '../src/guarantees.ts';
import { readResults, toStored } from '../src/results.ts';
import { renderTable } from '../src/table.ts';

test('docs/guarantees.md matches the stored results (otherwise run pnpm conformance --write-docs)', () => {
  expect(readGuarantees()).toBe(renderGuarantees());
});

test('the stored results of memory are up to date', async () => {
  const [memory] = findHarnesses();
  if (memory?.name !== 'memory') throw new Error('the memory backend does not come first');
  const harness = await memory.load();
  const report = await runConformance(harness, { scale: 0.05, concurrency: 16 });
  expect(readResults().get('memory')).toEqual({ capabilities: harness.capabilities, properties: toStored(report) });
});

test('never shows a failed or untested property as passed', async () => {
  const { capabilities } = await loadMemory();
  const stored = properties.map(({ id }, index) =>
    index === 0
      ? ({ id, status: 'failed', reason: 'it lies' } as const)
      : ({ id, status: 'not-run', reason: 'the harness lacks the fault proxy' } as const),
  );
  const text = renderGuarantees(new Map([['other', { capabilities, properties: stored }]]));
  expect(text.split('\n').filter((line) => /^\| .*\| `[a-z-]+\.[a-z-]+` +\| yes +\|$/.test(line))).toEqual([]);
  expect(text).toContain('`contract.capabilities` (**failed**): it lies.');
  expect(text).toContain('(not tested): the tests of this backend lack the fault `proxy`.');
  const own = renderBackendGuarantees('other', new Map([['other', { capabilities, properties: stored }]]));
  expect(own).toMatch(new RegExp(`^This backend passed the tests of 0 of the ${properties.length} properties`));
  expect(own).toMatch(/`contract\.capabilities` +\| \*\*no\*\* +\|/);
  expect(own).toContain('`contract.capabilities` (**failed**): it lies.');
  expect(own).not.toMatch(/\| yes +\|/);
  expect(renderBackendGuarantees('unknown', new Map())).toMatch(/^Not judged yet/);
  const table = renderTable(new Map([['other', stored]]));
  expect(table).toMatch(/contract\.capabilities +FAILED/);
  expect(table).not.toContain(' passed\n');
});
