import type { ToolDescription } from '../../../../packages/server/src/tools/define-tool.ts';
import type { ToolList } from '../listed-tools.ts';
import { wordsOf } from './words.ts';

/** What a client shows of a tool, by where the words are. */
export const FIELDS = ['name', 'title', 'description', 'arguments', 'instructions'] as const;

export type Field = (typeof FIELDS)[number];

/** What is said about a tool. */
export interface ToolTexts {
  /** The words of each field without endings. */
  readonly fields: Readonly<Record<Field, readonly string[]>>;
  /** The sentences that say what the tool is for. */
  readonly sentences: readonly string[];
}

/**
 * Collects what is said about each tool. A sentence of a description that names another tool is about that tool. What
 * a tool does not do says nothing about the tool.
 */
export function toolTexts({ tools, instructions, usage }: ToolList): readonly ToolTexts[] {
  const lines = instructions.split('\n');
  return tools.map((tool) => {
    const others = tools.filter((other) => other !== tool);
    const own = sentencesOf(tool.description)
      .filter((sentence) => !others.some(({ name }) => names(sentence, name)) && !DENIAL.test(sentence))
      .map((sentence) => sentence.replace(EXCEPTION, ' '));
    const moved = others.flatMap(({ description }) =>
      sentencesOf(description).filter((sentence) => names(sentence, tool.name)),
    );
    const when = usage?.get(tool.name) ?? [];
    return {
      fields: {
        name: wordsOf(spaced(tool.name)),
        title: wordsOf(tool.title),
        description: wordsOf(own.join(' ')),
        arguments: argumentWords(tool),
        instructions: [...lines.filter((line) => names(line, tool.name)), ...moved].flatMap((line) =>
          wordsOf(spaced(line)),
        ),
      },
      sentences: [...own.flatMap((sentence) => sentence.split(/(?<=[:;])\s+/)), ...moved, tool.title, ...when].map(
        spaced,
      ),
    };
  });
}

const DENIAL = /\b(?:not|cannot|no|nothing)\b/;

const EXCEPTION = /\bwithout [^.,;:]*/g;

function sentencesOf(text: string): readonly string[] {
  return text.split(/(?<=\.)\s+/);
}

function names(text: string, tool: string): boolean {
  return new RegExp(`\\b${tool}\\b`).test(text);
}

function argumentWords({ inputSchema }: ToolDescription): readonly string[] {
  const properties = Object.entries((inputSchema['properties'] ?? {}) as Record<string, { description?: string }>);
  return properties.flatMap(([argument, { description = '' }]) => wordsOf(`${spaced(argument)} ${description}`));
}

function spaced(text: string): string {
  return text.replaceAll('slack_', '').replaceAll('_', ' ');
}
