import { basename } from 'node:path';

/** The number of phrases to avoid in each file at the last count. Files without such phrases are not listed. */
export type Baseline = Readonly<Record<string, number>>;

/**
 * The number of phrases that a file may have. A moved file keeps the number of its old path, if that file is gone.
 */
export function allowedIn(path: string, baseline: Baseline, present: ReadonlySet<string>): number {
  const own = baseline[path];
  if (own !== undefined) return own;
  const moved = Object.entries(baseline).find(([old]) => !present.has(old) && basename(old) === basename(path));
  return moved?.[1] ?? 0;
}

/** The baseline after a count: numbers never grow, and files without phrases are removed. */
export function shrink(baseline: Baseline, counts: Baseline, present: ReadonlySet<string>): Baseline {
  const entries = Object.entries(counts).map(
    ([path, count]) => [path, Math.min(count, allowedIn(path, baseline, present))] as const,
  );
  return Object.fromEntries(entries.filter(([, count]) => count > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
}
