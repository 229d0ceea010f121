import type { ToolDescription } from '../../../packages/server/src/tools/define-tool.ts';
import type { ServerManifest } from './server-manifest.ts';

/** The path of the start file in the bundle. */
export const MCPB_ENTRY = 'server/slack-mcp-server.js';

/**
 * The manifest of the bundle for one-click installation in desktop clients.
 *
 * @param tools - the tools that the bundle serves with a bot token; with a user token, it serves more
 */
export function renderMcpbManifest(manifest: ServerManifest, tools: readonly ToolDescription[]): string {
  const content = {
    manifest_version: '0.4',
    name: 'slack-mcp',
    display_name: 'Slack',
    version: manifest.version,
    description: manifest.description,
    author: { name: 'The slack-mcp authors' },
    license: manifest.license,
    keywords: manifest.keywords,
    server: {
      type: 'node',
      entry_point: MCPB_ENTRY,
      mcp_config: {
        command: 'node',
        args: [`${filledIn('__dirname')}/${MCPB_ENTRY}`],
        env: {
          SLACK_BOT_TOKEN: filledIn('user_config.slack_bot_token'),
          SLACK_MCP_READ_ONLY: filledIn('user_config.read_only'),
        },
      },
    },
    user_config: {
      slack_bot_token: {
        type: 'string',
        title: 'Slack token',
        description: 'Bot or user token of your Slack app, beginning with xoxb- or xoxp-.',
        required: true,
        sensitive: true,
      },
      read_only: {
        type: 'boolean',
        title: 'Read only',
        description: 'Disables the tools that post messages and add reactions.',
        required: false,
        default: false,
      },
    },
    tools: tools.map(({ name, description }) => ({ name, description })),
    // A user token adds tools.
    tools_generated: true,
    compatibility: { platforms: ['darwin', 'win32', 'linux'], runtimes: { node: manifest.engines.node } },
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/** A placeholder that the client replaces. */
function filledIn(name: string): string {
  return `\${${name}}`;
}
