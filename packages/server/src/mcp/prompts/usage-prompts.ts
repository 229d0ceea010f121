import type { Tool } from '../../tools/define-tool.ts';
import { namesOnly } from '../../tools/tool-instructions.ts';
import type { ToolUsage } from '../../tools/tool-usage.ts';
import type { Prompt } from './prompt.ts';

/**
 * Creates one prompt for each tool that has usage guidance, in the order of the tools. Advice that names other tools than
 * these is left out.
 */
export function usagePrompts(tools: readonly Tool[]): readonly Prompt[] {
  const names = new Set(tools.map(({ name }) => name));
  return tools.flatMap(({ name, usage }) => (usage === undefined ? [] : [usagePrompt(name, usage, names)]));
}

function usagePrompt(tool: string, usage: ToolUsage, names: ReadonlySet<string>): Prompt {
  const { title, when } = usage;
  const guidance = usage.guidance.filter((line) => namesOnly(line, names));
  return {
    name: `${tool}_usage`,
    title,
    description: `When and how to use the tool ${tool}.`,
    arguments: usage.arguments,
    tool,
    render(args) {
      const given = usage.arguments
        .filter(({ name }) => (args[name] ?? '') !== '')
        .map(({ name }) => `${name} = ${JSON.stringify(args[name])}`);
      return [
        `Use the tool ${tool} when ${when}.`,
        ...guidance.map((line) => `- ${line}`),
        ...(given.length === 0 ? [] : [`Use it now with ${given.join(', ')}.`]),
      ].join('\n');
    },
  };
}
