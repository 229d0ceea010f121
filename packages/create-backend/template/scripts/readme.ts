import { readFileSync, writeFileSync } from 'node:fs';
import { AcmeBackend } from '../src/index.ts';
import { ACME_ENV } from '../src/options.ts';

// `npm run readme` writes the tables of the README from the code.

const file = new URL('../README.md', import.meta.url);

/** Fills the generated tables of a README. */
export function renderReadme(text: string): string {
  const capabilities = Object.entries(new AcmeBackend().capabilities).map(([name, value]) => [code(name), code(value)]);
  const variables = ACME_ENV.map((variable) => [
    code(variable.name),
    variable.default === undefined ? '' : code(variable.default),
    variable.description,
    code(variable.example),
  ]);
  const filled = fill(text, 'capabilities', [['Capability', 'Value'], ...capabilities]);
  return fill(filled, 'environment', [['Variable', 'Default', 'Description', 'Example'], ...variables]);
}

function fill(text: string, name: string, rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const lines = [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`);
  const region = new RegExp(`(<!-- table:${name} -->\\n)[^]*?(<!-- /table -->)`);
  return text.replace(region, (_, start: string, end: string) => `${start}\n${lines.join('\n')}\n\n${end}`);
}

function code(value: unknown): string {
  return `\`${String(value)}\``;
}

if (import.meta.main) writeFileSync(file, renderReadme(readFileSync(file, 'utf8')));
