import { withoutComments } from './source-file.ts';
import type { FileRule } from './violation.ts';

/** Files for import. The other files in `tooling/` are programs and their parts. */
const LIBRARY = /^(packages|tooling)\/[^/]+\/src\//;

/** The only file with state at module level, through which memory backends with the same name share their queues. */
const REGISTRY = /^packages\/backend-memory\/src\/[a-z-]*registry\.ts$/;
const MUTABLE =
  /^(?:export\s+)?(?:(let|var)\s|const\s+\w+\s*(:[^=]*)?=\s*(?:new (?:Map|Set|WeakMap|WeakSet|Array)\b|\[\s*\];?\s*$|\{\s*\};?\s*$))/;

/** Modules have no mutable state. */
export const moduleState: FileRule = (file) => {
  if (REGISTRY.test(file.path) || !LIBRARY.test(file.path)) return [];
  return withoutComments(file.text)
    .split('\n')
    .flatMap((text, index) => {
      const match = MUTABLE.exec(text);
      if (match === null || /Readonly(Map|Set|Array)?\b|readonly /.test(match[2] ?? '')) return [];
      return [{ path: file.path, line: index + 1, rule: 'module-state', message: 'no mutable state at module level' }];
    });
};

/** Files are named after the concept that they contain. */
export const plainNames: FileRule = (file) =>
  /\/(utils?|helpers?|common|misc)(\.ts|\/)/.test(file.path)
    ? [{ path: file.path, line: 1, rule: 'plain-names', message: 'name the file after the concept that it contains' }]
    : [];

const MAX_LINES = 300;

/** A file contains one concept. */
export const fileSize: FileRule = (file) => {
  const lines = file.text.trimEnd().split('\n').length;
  return lines > MAX_LINES
    ? [{ path: file.path, line: lines, rule: 'file-size', message: `${lines} lines: more than one concept?` }]
    : [];
};

/** Exports have names. The only default export is a backend's manifest. */
export const defaultExports: FileRule = (file) => {
  if (!LIBRARY.test(file.path)) return [];
  if (/^packages\/backend-[a-z]+\/src\/index\.ts$/.test(file.path)) return [];
  const lines = withoutComments(file.text).split('\n');
  const line = lines.findIndex((text) => /^export default\b|\bas default\b/.test(text)) + 1;
  return line > 0
    ? [{ path: file.path, line, rule: 'default-exports', message: 'only a backend has a default export, its manifest' }]
    : [];
};
