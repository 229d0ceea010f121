import type { Score } from './score/score.ts';

/** Shows a score as text. */
export function report(title: string, { requests, chosen, exact, tools, confusions, argumentErrors }: Score): string {
  const width = Math.max(4, ...tools.map(({ tool }) => tool.length));
  const errors = Object.entries(argumentErrors).map(([kind, count]) => `${count} ${kind}`);
  return [
    `${title}: the right tools for ${chosen} of ${requests} requests (${percent(chosen / requests)}), ${exact} of them with the right arguments`,
    '',
    `  ${'tool'.padEnd(width)}  precision  recall  expected`,
    ...tools.map(
      ({ tool, precision, recall, expected }) =>
        `  ${tool.padEnd(width)}  ${percent(precision).padStart(9)}  ${percent(recall).padStart(6)}  ${String(expected).padStart(8)}`,
    ),
    '',
    `  argument errors: ${errors.join(', ')}`,
    ...(confusions.length === 0 ? [] : ['', '  confused (expected → called):']),
    ...confusions.map(({ expected, made, count }) => `  ${String(count).padStart(3)}  ${expected} → ${made}`),
    '',
  ].join('\n');
}

function percent(share: number): string {
  return Number.isNaN(share) ? '–' : `${(share * 100).toFixed(1)} %`;
}
