import type { SourceFile } from './source-file.ts';

/** A violation of a rule. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  readonly message: string;
}

/** Checks a single file. */
export type FileRule = (file: SourceFile) => Violation[];

/** Checks all files together. */
export type TreeRule = (files: readonly SourceFile[]) => Violation[];
