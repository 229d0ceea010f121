import type { EnvVar } from './plugin.ts';

/** The Markdown table of a package's variables, as its README shows it. */
export function envTable(vars: readonly EnvVar[]): string {
  const rows = vars.map((variable) => [
    code(variable.name),
    variable.default === undefined ? (variable.required ? '**required**' : '') : code(variable.default),
    variable.description,
    code(variable.example),
  ]);
  return [['Variable', 'Default', 'Description', 'Example'], ['---', '---', '---', '---'], ...rows]
    .map(line)
    .join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}
