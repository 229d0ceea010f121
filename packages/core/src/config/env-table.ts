import type { EnvVar } from '../contract/plugin.ts';

/** The Markdown table of a package's variables, as its README shows it: columns aligned, as formatters leave them. */
export function envTable(vars: readonly EnvVar[]): string {
  const rows = [
    ['Variable', 'Default', 'Description', 'Example'],
    ...vars.map((variable) => [
      code(variable.name),
      variable.default === undefined ? (variable.required ? '**required**' : '') : code(variable.default),
      variable.description,
      code(variable.example),
    ]),
  ].map((cells) => cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')));
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const [head, ...body] = rows.map((cells) => line(cells.map((cell, column) => cell.padEnd(widths[column] ?? 0))));
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}
