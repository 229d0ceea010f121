import { withoutComments } from './source-file.ts';
import type { TreeRule } from './violation.ts';

const READS = /\bprocess\.env\b|\benv\b[^;]*\bfrom 'node:process'/;

/** Only one file per package reads the process's environment. */
export const oneEnvironmentReader: TreeRule = (files) => {
  const readers = Map.groupBy(
    files.filter(({ path, text }) => path.startsWith('packages/') && READS.test(withoutComments(text))),
    ({ path }) => path.split('/')[1],
  );
  return [...readers.values()]
    .filter((group) => group.length > 1)
    .flatMap((group) =>
      group.map(({ path }) => ({
        path,
        line: 1,
        rule: 'one-environment-reader',
        message: `process.env is read in ${group.length} files of the package`,
      })),
    );
};
