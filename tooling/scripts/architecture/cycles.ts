import { importTargets } from './import-targets.ts';
import type { TreeRule, Violation } from './violation.ts';

/** Import cycles between files, including type imports: two files that need each other are one concept. */
export const cycles: TreeRule = (files) => {
  const known = new Set(files.map(({ path }) => path));
  const edges = new Map(
    files.map((file) => [
      file.path,
      importTargets(file)
        .map(({ target }) => target)
        .filter((target) => known.has(target)),
    ]),
  );
  const state = new Map<string, 'open' | 'done'>();
  const found: Violation[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      const circle = [...trail.slice(trail.indexOf(path)), path].join(' → ');
      found.push({ path, line: 1, rule: 'no-cycles', message: circle });
      return;
    }
    state.set(path, 'open');
    for (const target of edges.get(path) ?? []) visit(target, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of edges.keys()) visit(path, []);
  return found;
};
