import { cycles } from './cycles.ts';
import { oneEnvironmentReader } from './environment.ts';
import { defaultExports, fileSize, moduleState, plainNames } from './file-shape.ts';
import { floors } from './floors.ts';
import { gateMarks } from './gate-marks.ts';
import { packageImports, relativeImports, socketModeHome } from './package-imports.ts';
import type { SourceFile } from './source-file.ts';
import type { FileRule, TreeRule, Violation } from './violation.ts';

const FILE_RULES: readonly FileRule[] = [
  packageImports,
  socketModeHome,
  relativeImports,
  floors,
  gateMarks,
  moduleState,
  plainNames,
  fileSize,
  defaultExports,
];

const TREE_RULES: readonly TreeRule[] = [oneEnvironmentReader, cycles];

/** All violations of the architecture's rules in these files. */
export function findViolations(files: readonly SourceFile[]): Violation[] {
  return [
    ...files.flatMap((file) => FILE_RULES.flatMap((rule) => rule(file))),
    ...TREE_RULES.flatMap((rule) => rule(files)),
  ];
}
