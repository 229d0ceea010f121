import type { Tool } from './define-tool.ts';

/**
 * Tools that are enabled together. To add a toolset, add a folder with its tools, and an entry in `all-toolsets.ts`.
 */
export interface Toolset {
  /** The name of the toolset in `SLACK_MCP_TOOLSETS`, which consists of lower-case letters, digits and hyphens. */
  readonly id: string;
  /** One line that describes the toolset to operators. */
  readonly description: string;
  /** Whether the toolset is enabled by default. */
  readonly default: boolean;
  /** Whether `all` enables the toolset. Default true. */
  readonly inAll?: boolean;
  /** What a server needs to offer the toolset, as a sentence of the documentation. Default: nothing. */
  readonly needs?: string;
  /** Instructions that clients give their model while this toolset is enabled. Each item is one sentence. */
  readonly instructions: readonly string[];
  /** The tools, in listing order. */
  readonly tools: readonly Tool[];
}
