import type { Tool } from './define-tool.ts';

/**
 * Tools that are enabled together. Plain data: to add a toolset, add a folder with its tools and an entry in the list.
 */
export interface Toolset {
  /** The name in `SLACK_MCP_TOOLSETS`: lower-case letters, digits and hyphens. */
  readonly id: string;
  /** One line for people who choose toolsets. */
  readonly description: string;
  /** Whether it is enabled by default. */
  readonly default: boolean;
  /** Instructions that clients give their model while this toolset is enabled, one sentence each. */
  readonly instructions: readonly string[];
  /** In listing order. */
  readonly tools: readonly Tool[];
}
