import { nearestNames } from './directory/nearest-names.ts';

/** A tool was called that is not served. */
export class UnknownToolError extends Error {
  readonly code = 'unknown_tool';

  /**
   * @param served - the names of the tools that are served
   * @param withheld - why a tool that exists is not: it writes where the server only reads, or it is not selected
   */
  constructor(name: string, served: readonly string[], withheld?: 'read_only' | 'not_selected') {
    super(
      messageFor(JSON.stringify(name.slice(0, 100)), served, nearestNames(name.slice(0, 100), served)[0], withheld),
    );
    this.name = 'UnknownToolError';
  }
}

function messageFor(
  shown: string,
  served: readonly string[],
  nearest: string | undefined,
  withheld: 'read_only' | 'not_selected' | undefined,
): string {
  if (withheld === 'read_only')
    return `Unknown tool: ${shown} writes, and this server only reads (SLACK_MCP_READ_ONLY).`;
  const list = `Tools: ${served.join(', ')}.`;
  if (withheld === 'not_selected') {
    return `Unknown tool: ${shown} is not on in this server (SLACK_MCP_TOOLSETS, SLACK_MCP_TOOLS, SLACK_MCP_EXCLUDE_TOOLS). ${list}`;
  }
  return `Unknown tool: ${shown}.${nearest === undefined ? '' : ` Did you mean ${nearest}?`} ${list}`;
}
