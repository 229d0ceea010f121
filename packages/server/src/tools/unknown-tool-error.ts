import { nearestNames } from './directory/nearest-names.ts';

/** A tool was called that is not served. */
export class UnknownToolError extends Error {
  readonly code = 'unknown_tool';

  constructor(name: string, { tools, withheld }: { tools: readonly string[]; withheld: boolean }) {
    const shown = JSON.stringify(name.slice(0, 100));
    const [nearest] = nearestNames(name.slice(0, 100), tools);
    super(
      withheld
        ? `Unknown tool: ${shown} writes, and this server only reads (SLACK_MCP_READ_ONLY).`
        : `Unknown tool: ${shown}.${nearest === undefined ? '' : ` Did you mean ${nearest}?`} Tools: ${tools.join(', ')}.`,
    );
    this.name = 'UnknownToolError';
  }
}
