import { markdownTable } from '../../../packages/core/src/config/env-table.ts';
import type { ToolRegistry } from '../../../packages/server/src/tools/registry.ts';

/** The Markdown table of the tools, in the order in which clients list them. */
export function toolsTable({ tools, toolsets }: Pick<ToolRegistry, 'tools' | 'toolsets'>): string {
  const isOff = new Set(toolsets.filter((toolset) => !toolset.default).map(({ id }) => id));
  return markdownTable([
    ['tool', 'what it does', '', 'toolset', 'scopes'],
    ...tools.map(({ name, title, annotations, scopes, toolset, tokens }) => [
      `\`${name}\``,
      title,
      annotations.readOnlyHint ? 'reads' : 'writes',
      isOff.has(toolset) ? `\`${toolset}\` (off)` : `\`${toolset}\``,
      scopes.map((scope) => `\`${scope}\``).join(', ') + (tokens.includes('bot') ? '' : ' (user token)'),
    ]),
  ]);
}
