import type { Tool } from '../../tools/define-tool.ts';
import type { ToolUsage } from '../../tools/tool-usage.ts';
import type { Prompt } from './prompt.ts';

/** Creates one prompt for each tool that has usage guidance, in the order of the tools. */
export function usagePrompts(tools: readonly Tool[]): readonly Prompt[] {
  return tools.flatMap(({ name, usage }) => (usage === undefined ? [] : [usagePrompt(name, usage)]));
}

function usagePrompt(tool: string, usage: ToolUsage): Prompt {
  const { title, when, guidance } = usage;
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
