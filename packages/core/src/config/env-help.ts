import type { EnvVar } from '../contract/plugin.ts';

const WIDTH = 80;

/** Options of {@link envHelp}. */
export interface EnvHelpOptions {
  /** The variables that a user of the command needs first. */
  readonly variables: readonly EnvVar[];
  /** Command lines to copy; only tokens and secrets in them are placeholders. */
  readonly examples: readonly string[];
  /** Where to read more. */
  readonly documentation: string;
}

/** The end of a command's help: its most important variables, examples, and where to read more. */
export function envHelp({ variables, examples, documentation }: EnvHelpOptions): string {
  const column = Math.max(...variables.map(({ name }) => name.length)) + 4;
  const described = variables.map(({ name, description }) => {
    const lines = wrap(description.replaceAll('`', ''), WIDTH - column);
    return `  ${name}`.padEnd(column) + lines.join(`\n${' '.repeat(column)}`);
  });
  const shown = examples.map((example) => `  ${example}`);
  return `
Environment:
${described.join('\n')}

Examples:
${shown.join('\n')}

Documentation: ${documentation}`;
}

function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) as string;
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
