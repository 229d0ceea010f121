import { createToolRegistry, type ToolRegistry } from '../registry.ts';
import { allToolsets } from './all-toolsets.ts';
import { createOpsToolset } from './ops/ops.ts';

/** All toolsets, including those that only some servers offer. For lists of tools: the tools of `ops` have no queue. */
export const knownToolsets: ToolRegistry = createToolRegistry([
  ...allToolsets.toolsets,
  createOpsToolset(() => undefined),
]);
