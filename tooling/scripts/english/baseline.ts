import { basename } from 'node:path';

/** How many refused phrases each file had when its prose was last counted. Files without any are not listed. */
export type Baseline = Readonly<Record<string, number>>;

/**
 * How many phrases a file may have. A file that moved keeps what it had under its old path, if that file is gone.
 */
export function allowedIn(path: string, baseline: Baseline, present: ReadonlySet<string>): number {
  const own = baseline[path];
  if (own !== undefined) return own;
  const moved = Object.entries(baseline).find(([old]) => !present.has(old) && basename(old) === basename(path));
  return moved?.[1] ?? 0;
}

/** The baseline after a count: no file has more than before, files without phrases leave it. */
export function shrink(baseline: Baseline, counts: Baseline, present: ReadonlySet<string>): Baseline {
  const entries = Object.entries(counts).map(
    ([path, count]) => [path, Math.min(count, allowedIn(path, baseline, present))] as const,
  );
  return Object.fromEntries(entries.filter(([, count]) => count > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
}
