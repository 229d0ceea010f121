import type { ToolDescription } from '../../../packages/server/src/tools/define-tool.ts';
import type { ToolList } from './listed-tools.ts';

/**
 * What clients show to a model: whole descriptions with schemas, or at first only names and instructions. A client of
 * the second kind loads the description of a tool when the model asks for it.
 */
export const SHAPES = ['descriptions', 'names'] as const;

export type Shape = (typeof SHAPES)[number];

const ANSWER =
  'Answer with one JSON object and nothing else. To call tools: {"calls": [{"tool": "…", "arguments": {…}}]}. When the request is done: {"calls": []}.';
const LOAD =
  'You see only the names of the tools. To see the description and the arguments of tools before you call them: {"load": ["…"]}.';

/** The beginning of a conversation: the tools, the form of the answer, the time and the request. */
export function firstPrompt({ tools, instructions }: ToolList, shape: Shape, request: string, now: Date): string {
  const shown = shape === 'names' ? tools.map(({ name }) => `- ${name}`) : tools.map(described);
  return [
    'You work for a person in Slack with these tools.',
    ['# Instructions', instructions].join('\n\n'),
    ['# Tools', shown.join('\n')].join('\n\n'),
    [ANSWER, ...(shape === 'names' ? [LOAD] : [])].join('\n'),
    `It is ${now.toISOString().slice(0, 19)}Z, and the time zone of the person is UTC.`,
    ['# Request', request].join('\n\n'),
  ].join('\n\n');
}

/** The descriptions that a model has loaded. */
export function loadedPrompt({ tools }: ToolList, names: readonly string[]): string {
  const found = tools.filter(({ name }) => names.includes(name));
  const unknown = names.filter((name) => !found.some((tool) => tool.name === name));
  return [
    '# Loaded tools',
    [...found.map(described), ...unknown.map((name) => `There is no tool ${name}.`)].join('\n'),
  ].join('\n\n');
}

function described({ name, description, inputSchema }: ToolDescription): string {
  return JSON.stringify({ name, description, inputSchema });
}
