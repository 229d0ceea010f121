import { type ImportStatement, importsOf, type SourceFile } from './source-file.ts';

/** An import of a file by its relative path. */
export interface ImportTarget extends ImportStatement {
  /** Path from the repository's root, as in `SourceFile`. */
  readonly target: string;
}

/** The files that a file imports by relative path, including types. */
export function importTargets(file: SourceFile): ImportTarget[] {
  return importsOf(file)
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map((statement) => ({
      ...statement,
      target: new URL(statement.specifier, `file:///${file.path}`).pathname.slice(1),
    }));
}
