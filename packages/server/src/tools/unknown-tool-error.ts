import { nearestNames } from './directory/nearest-names.ts';

type Withheld = 'read_only' | 'not_selected' | 'no_token' | 'not_in_request';

/** Thrown if the called tool is not served. */
export class UnknownToolError extends Error {
  readonly code = 'unknown_tool';

  /**
   * @param served - the names of the served tools
   * @param withheld - why an existing tool is not served, which is `read_only` if the tool writes and the server is
   * read-only, `no_token` if the tool needs a user token, `not_selected` if the tool is not selected, or
   * `not_in_request` if the headers of the request exclude the tool
   */
  constructor(name: string, served: readonly string[], withheld?: Withheld) {
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
  withheld: Withheld | undefined,
): string {
  if (withheld === 'read_only')
    return `Unknown tool: ${shown} writes, but this server is read-only (SLACK_MCP_READ_ONLY).`;
  if (withheld === 'no_token')
    return `Unknown tool: ${shown} needs a user token (SLACK_USER_TOKEN), but this server has only a bot token.`;
  const list = `Tools: ${served.join(', ')}.`;
  if (withheld === 'not_in_request') {
    return `Unknown tool: the headers of this request (X-MCP-Toolsets, X-MCP-Tools, X-MCP-Exclude-Tools, X-MCP-Readonly) leave out ${shown}. ${list}`;
  }
  if (withheld === 'not_selected') {
    return `Unknown tool: ${shown} is not enabled on this server (SLACK_MCP_TOOLSETS, SLACK_MCP_TOOLS, SLACK_MCP_EXCLUDE_TOOLS). ${list}`;
  }
  return `Unknown tool: ${shown}.${nearest === undefined ? '' : ` Did you mean ${nearest}?`} ${list}`;
}
