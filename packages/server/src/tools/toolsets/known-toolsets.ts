import { createToolRegistry, type ToolRegistry } from '../registry.ts';
import { allToolsets } from './all-toolsets.ts';
import { createOpsToolset } from './ops/ops.ts';

/**
 * All toolsets, including `ops`, which only some servers offer. Use it only to list tools: its `ops` tools have no
 * queue.
 */
export const knownToolsets: ToolRegistry = createToolRegistry([
  ...allToolsets.toolsets,
  createOpsToolset(() => undefined),
]);
