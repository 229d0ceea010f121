import type { TokenKind } from '@slack-mcp/slack';
import { readToolSettings } from '../config/server-settings.ts';
import { readSlackSettings } from '../config/slack-settings.ts';
import type { RegisteredTool } from '../tools/registry.ts';
import { selectTools } from '../tools/select-tools.ts';
import { knownToolsets } from '../tools/toolsets/known-toolsets.ts';
import { commandOf, createServerCommand, readerOf, type ServerCommand, TOOL_FLAGS } from './common-options.ts';
import { LISTED_TOKENS } from './listed-tokens.ts';
import { offeredToolsets } from './offered-toolsets.ts';
import { textTable } from './text-table.ts';
import { tokenKindsIn } from './token-kinds.ts';

/** A tool as `slack-mcp tools --json` describes it. */
interface ToolRow {
  readonly name: string;
  readonly toolset: string;
  /** Whether the server serves the tool with the current settings. */
  readonly on: boolean;
  readonly reads: boolean;
  /** The number of tokens (o200k) that the tool adds to the tool list. */
  readonly tokens: number;
  /** The kinds of Slack token that the tool can use. */
  readonly slackTokens: readonly TokenKind[];
  /** Alternative scopes. A tool needs only one of them. */
  readonly scopes: readonly string[];
}

/** Lists all tools, and which of them the server serves with the current settings. */
export function createToolsCommand(name: string): ServerCommand {
  const command = createServerCommand({
    name,
    description: 'List the tools, with their scopes and their size in model tokens',
    flags: TOOL_FLAGS,
    listens: false,
    variables: ['SLACK_BOT_TOKEN', 'SLACK_USER_TOKEN', 'SLACK_MCP_READ_ONLY'],
    examples: [`${commandOf(name)} --toolsets editing,scheduling`, `${commandOf(name)} --json`],
  });
  command.option('--json', 'print JSON for programs').action(() => {
    const reader = readerOf(command);
    const kinds = tokenKindsIn(readSlackSettings(reader, { token: false }));
    const served = selectTools(offeredToolsets(reader), readToolSettings(reader), kinds);
    const rows = knownToolsets.tools.map((tool) => rowOf(tool, served.get(tool.name) !== undefined));
    process.stdout.write(command.opts<{ json?: true }>().json ? `${JSON.stringify(rows, null, 2)}\n` : shown(rows));
  });
  return command;
}

function rowOf({ name, toolset, annotations, tokens, scopes }: RegisteredTool, on: boolean): ToolRow {
  return {
    name,
    toolset,
    on,
    reads: annotations.readOnlyHint,
    tokens: LISTED_TOKENS[name] ?? 0,
    slackTokens: tokens,
    scopes,
  };
}

function shown(rows: readonly ToolRow[]): string {
  const cells = rows.map(({ name, toolset, on, reads, tokens, slackTokens, scopes }) => [
    name,
    on ? 'on' : 'off',
    reads ? 'reads' : 'writes',
    toolset,
    String(tokens),
    scopes.join(', ') + (slackTokens.includes('bot') ? '' : ' (user token)'),
  ]);
  const on = rows.filter((row) => row.on);
  const tokens = on.reduce((sum, row) => sum + row.tokens, 0);
  return [
    textTable([['tool', '', '', 'toolset', 'tokens', 'scopes (one is enough)'], ...cells]),
    `\n${on.length} of ${rows.length} tools are on. Their list takes about ${tokens.toLocaleString('en')} tokens (o200k).\n`,
    'To turn tools on, use --toolsets NAME,… (or all) or --tools NAME,…; to turn tools off, use --exclude-tools NAME,….\n',
  ].join('');
}
