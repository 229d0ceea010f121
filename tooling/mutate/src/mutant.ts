/** A small realistic fault: a snippet of the source and its replacement. */
export interface Mutant {
  /** The unique id: the area and the fault, such as `gates/facts-never-expire`. */
  readonly id: string;
  /** The folder in `packages/` whose source is changed. */
  readonly package: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Code, not comments: occurs exactly once in the file. */
  readonly original: string;
  readonly replacement: string;
  /** The test project and its files, from the root of the repository, that must fail. */
  readonly project: string;
  readonly tests: readonly string[];
  /** Why no test can catch the mutant: it has no effect that a user could notice. */
  readonly survives?: string;
}

/** An entry in a list of mutants, with paths relative to `src` and `test` of the package. */
export interface ListedMutant {
  readonly id: string;
  readonly file: string;
  readonly original: string;
  readonly replacement: string;
  readonly tests: readonly string[];
  readonly survives?: string;
}

/** Completes the mutants of one area of a package. Ids get the area in front, tests end in `.test.ts`. */
export function mutantsOf(area: string, folder: string, listed: readonly ListedMutant[]): readonly Mutant[] {
  return listed.map(({ id, file, tests, ...rest }) => ({
    ...rest,
    id: `${area}/${id}`,
    package: folder,
    file: `packages/${folder}/src/${file}`,
    project: folder,
    tests: tests.map((test) => `packages/${folder}/test/${test}.test.ts`),
  }));
}
