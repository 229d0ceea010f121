import { type PropertyStatus, properties } from '@slack-mcp/conformance';
import type { StoredProperty } from './results.ts';

const WORDS: Record<PropertyStatus, string> = {
  passed: 'passed',
  failed: 'FAILED',
  'not-run': 'not run',
  'not-applicable': 'n/a',
};

/** Properties by backend, then the reason of each property that did not pass, then the counts. */
export function renderTable(results: ReadonlyMap<string, readonly StoredProperty[]>): string {
  const names = [...results.keys()];
  const find = (name: string, id: string): StoredProperty | undefined =>
    results.get(name)?.find((property) => property.id === id);
  const shown = properties.filter(({ id }) => names.some((name) => find(name, id) !== undefined));
  const rows = [
    ['property', ...names],
    ...shown.map(({ id }) => [id, ...names.map((name) => WORDS[find(name, id)?.status ?? 'not-run'])]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, '', ...reasons(results), ...names.map((name) => counts(name, results.get(name) ?? []))].join('\n');
}

function reasons(results: ReadonlyMap<string, readonly StoredProperty[]>): string[] {
  const lines: string[] = [];
  for (const [name, stored] of results) {
    for (const status of ['failed', 'not-run', 'not-applicable'] as const) {
      const concerned = stored.filter((property) => property.status === status);
      for (const [reason, ids] of Map.groupBy(concerned, (property) => property.reason)) {
        lines.push(`${name}, ${WORDS[status]}: ${reason}`, `  ${ids.map(({ id }) => id).join(', ')}`);
      }
    }
  }
  return lines.length === 0 ? [] : [...lines, ''];
}

function counts(name: string, stored: readonly StoredProperty[]): string {
  const of = (status: PropertyStatus): number => stored.filter((property) => property.status === status).length;
  return `${name}: ${of('passed')} passed, ${of('failed')} failed, ${of('not-run')} not run, ${of('not-applicable')} not applicable`;
}
