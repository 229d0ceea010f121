import { taskPrompts } from '../../src/mcp/prompts/task-prompts.ts';
import { usagePrompts } from '../../src/mcp/prompts/usage-prompts.ts';
import { selectTools } from '../../src/tools/select-tools.ts';
import { allToolsets } from '../../src/tools/toolsets/all-toolsets.ts';

const served = selectTools(allToolsets, {}).tools;

/** The default tools, in the order in which clients see them. */
export const TOOL_NAMES: readonly string[] = served.map(({ name }) => name);

/** The default tools that only read. */
export const READING_NAMES: readonly string[] = served
  .filter(({ annotations }) => annotations.readOnlyHint)
  .map(({ name }) => name);

const prompts = [...usagePrompts(served), ...taskPrompts(served)];

/** The default prompts, in the order in which clients see them. */
export const PROMPT_NAMES: readonly string[] = prompts.map(({ name }) => name);

/** The default prompts for tools that only read. */
export const READING_PROMPT_NAMES: readonly string[] = prompts
  .filter(({ tool }) => READING_NAMES.includes(tool))
  .map(({ name }) => name);
