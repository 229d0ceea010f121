import type { EnvVar } from '../contract/plugin.ts';

const WIDTH = 80;

/** Options of {@link envHelp}. */
export interface EnvHelpOptions {
  /** The most important variables of the command. */
  readonly variables: readonly EnvVar[];
  /** Example commands, in which only tokens and secrets are placeholders. */
  readonly examples: readonly string[];
  /** The URL of the documentation. */
  readonly documentation: string;
}

/** Returns the end of a command's help, with important variables, examples and a link to the documentation. */
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
