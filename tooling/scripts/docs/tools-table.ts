import type { Tool } from '../../../packages/server/src/tools/define-tool.ts';

/** The Markdown table of the tools, in the order in which clients list them, with columns aligned. */
export function toolsTable(tools: readonly Tool[]): string {
  const rows = [
    ['tool', 'what it does', '', 'bot token scopes'],
    ...tools.map(({ name, title, annotations, scopes }) => [
      `\`${name}\``,
      title,
      annotations.readOnlyHint ? 'reads' : 'writes',
      scopes.map((scope) => `\`${scope}\``).join(', '),
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const [head, ...body] = rows.map((cells) => line(cells.map((cell, column) => cell.padEnd(widths[column] ?? 0))));
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
