import { selectTools } from '../../src/tools/select-tools.ts';
import { allToolsets } from '../../src/tools/toolsets/all-toolsets.ts';

const served = selectTools(allToolsets, {}).tools;

/** The default tools, in the order in which clients see them. */
export const TOOL_NAMES: readonly string[] = served.map(({ name }) => name);

/** The default tools that only read. */
export const READING_NAMES: readonly string[] = served
  .filter(({ annotations }) => annotations.readOnlyHint)
  .map(({ name }) => name);

/** The default tools that have a usage prompt. */
export const EXPLAINED_NAMES: readonly string[] = served.filter(({ usage }) => usage).map(({ name }) => name);
