import type { SourceFile } from './source-file.ts';

/** A broken rule. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  readonly message: string;
}

/** Judges one file by itself. */
export type FileRule = (file: SourceFile) => Violation[];

/** Judges files together. */
export type TreeRule = (files: readonly SourceFile[]) => Violation[];
