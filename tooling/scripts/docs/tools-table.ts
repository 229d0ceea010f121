import { markdownTable } from '../../../packages/core/src/config/env-table.ts';
import type { Tool } from '../../../packages/server/src/tools/define-tool.ts';

/** The Markdown table of the tools, in the order in which clients list them. */
export function toolsTable(tools: readonly Tool[]): string {
  return markdownTable([
    ['tool', 'what it does', '', 'bot token scopes'],
    ...tools.map(({ name, title, annotations, scopes }) => [
      `\`${name}\``,
      title,
      annotations.readOnlyHint ? 'reads' : 'writes',
      scopes.map((scope) => `\`${scope}\``).join(', '),
    ]),
  ]);
}
