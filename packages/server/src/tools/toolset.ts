import type { Tool } from './define-tool.ts';

/** Tools that are switched on together. Plain data: a new toolset is a folder with its tools, and a line in the list. */
export interface Toolset {
  /** What `SLACK_MCP_TOOLSETS` names: lower case letters, digits and hyphens. */
  readonly id: string;
  /** For people who choose toolsets, in one line. */
  readonly description: string;
  /** Whether it is on without being asked for. */
  readonly default: boolean;
  /** What a client reports to its model while this toolset is on, a sentence each. */
  readonly instructions: readonly string[];
  /** In the order in which clients see them. */
  readonly tools: readonly Tool[];
}
