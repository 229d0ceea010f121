import { markdownTable } from '../../../packages/core/src/config/env-table.ts';
import type { RegisteredTool, ToolRegistry } from '../../../packages/server/src/tools/registry.ts';
import { listedTokens } from './listed-tokens.ts';

/** The tools of each toolset with their descriptions and arguments, as Markdown. */
export function toolsPage({ toolsets, tools }: Pick<ToolRegistry, 'toolsets' | 'tools'>): string {
  const tokens = listedTokens({ tools });
  const tokensOf = (names: readonly string[]): number => names.reduce((sum, name) => sum + (tokens.get(name) ?? 0), 0);
  const sections = toolsets.map((toolset) => {
    const { id, description, default: isOn, inAll = true, needs, instructions, tools: own } = toolset;
    const names = own.map(({ name }) => name);
    const registered = tools.filter(({ name }) => names.includes(name));
    return [
      `## ${id}`,
      `${description} ${isOn ? 'On by default' : 'Off by default'}${inAll ? '' : ', and not in `all`'}.${needs === undefined ? '' : ` ${needs}`} In a client's list of tools, the tools of this toolset take ${tokensOf(names)} model tokens.`,
      ...(instructions.length === 0 ? [] : [`Instructions for the model: ${instructions.join(' ')}`]),
      ...registered.map((tool) => toolSection(tool, tokens.get(tool.name) ?? 0)),
    ].join('\n\n');
  });
  const isDefault = (tool: RegisteredTool): boolean =>
    toolsets.some(({ id, default: on }) => on && id === tool.toolset);
  const on = tools.filter(isDefault).map(({ name }) => name);
  const isInAll = ({ toolset }: RegisteredTool): boolean =>
    toolsets.some(({ id, inAll = true }) => inAll && id === toolset);
  const all = tools.filter(isInAll).map(({ name }) => name);
  const sum = `By default, ${on.length} tools are on, and a client's list of tools takes ${tokensOf(on)} model tokens (counted with o200k). With \`all\`, ${all.length} tools are on and take ${tokensOf(all)} model tokens.`;
  return `${[sum, ...sections].join('\n\n')}\n`;
}

function toolSection(
  { name, description, annotations, scopes, tokens, inputSchema }: RegisteredTool,
  size: number,
): string {
  const named = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(scopes.map((scope) => `\`${scope}\``));
  const scope =
    scopes.length === 0 ? 'no scope' : `${scopes.length === 1 ? 'the scope' : 'one of the scopes'} ${named}`;
  const needs = tokens.includes('bot') ? scope : `a user token with ${scope}`;
  const destroys = annotations.destructiveHint ? ', and may remove or replace data' : '';
  const effect = annotations.readOnlyHint ? 'only reads' : `writes${destroys}`;
  const { properties = {}, required = [] } = inputSchema as {
    properties?: Record<string, { description?: string; default?: unknown }>;
    required?: readonly string[];
  };
  const rows = Object.entries(properties).map(([argument, schema]) => [
    `\`${argument}\``,
    required.includes(argument) ? 'yes' : 'no',
    [
      ...(schema.description === undefined ? [] : [schema.description]),
      ...(schema.default === undefined ? [] : [`Default: \`${JSON.stringify(schema.default)}\``]),
    ].join('. '),
  ]);
  return [
    `### ${name}`,
    `\`\`\`text\n${description}\n\`\`\``,
    `This tool ${effect}. It requires ${needs}. In a client's list of tools, it takes ${size} model tokens.`,
    ...(rows.length === 0 ? [] : [markdownTable([['argument', 'required', 'meaning'], ...rows])]),
  ].join('\n\n');
}
