import type { EnvVar } from '../contract/plugin.ts';

/** Renders the environment variables of a package as the Markdown table for its README. */
export function envTable(vars: readonly EnvVar[]): string {
  return markdownTable([
    ['Variable', 'Default', 'Description', 'Example'],
    ...vars.map((variable) => [
      code(variable.name),
      variable.default === undefined ? (variable.required ? '**required**' : '') : code(variable.default),
      variable.description,
      code(variable.example),
    ]),
  ]);
}

/** Renders rows as a Markdown table with aligned columns. The first row is the header. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const escaped = rows.map((cells) => cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')));
  const widths = (escaped[0] ?? []).map((_, column) => Math.max(...escaped.map((cells) => cells[column]?.length ?? 0)));
  const [head, ...body] = escaped.map((cells) => line(cells.map((cell, column) => cell.padEnd(widths[column] ?? 0))));
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}
