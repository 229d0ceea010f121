import { expect, test } from 'vitest';
import { markdownTable } from '../../../packages/core/src/config/env-table.ts';
import { knownToolsets } from '../../../packages/server/src/tools/toolsets/known-toolsets.ts';
import { describedTools, toolChanges } from '../docs/tool-changes.ts';
import { toolsPage } from '../docs/tools-page.ts';

const tool = (name: string, description: string, tokens: number, ...args: readonly [string, string][]) =>
  [
    `### ${name}`,
    `\`\`\`text\n${description}\n\`\`\``,
    `Reads. Needs \`channels:read\`. ${tokens} tokens.`,
    ...(args.length === 0
      ? []
      : [markdownTable([['argument', 'required', 'meaning'], ...args.map(([name, is]) => [`\`${name}\``, 'no', is])])]),
  ].join('\n\n');
const page = (...tools: readonly string[]) => ['## directory', ...tools, ''].join('\n\n');

test('reads every tool of the page', () => {
  const tools = describedTools(toolsPage(knownToolsets));
  expect([...tools.keys()]).toEqual(knownToolsets.tools.map(({ name }) => name));
  for (const { name, description, toolset, inputSchema } of knownToolsets.tools) {
    const described = tools.get(name);
    expect(described).toMatchObject({ description, toolset });
    expect(described?.tokens).toBeGreaterThan(50);
    expect([...(described?.arguments.keys() ?? [])]).toEqual(Object.keys(inputSchema['properties'] as object));
  }
});

test('shows added, removed and changed tools with their tokens', () => {
  const find = tool('slack_find', 'Find channels.', 100, ['query', 'Words'], ['kind', 'Which']);
  const longer = tool('slack_find', 'Find channels and people.', 120, ['query', 'A name'], ['limit', 'How many']);
  const before = page(find, tool('slack_read_user', 'Read a profile.', 80), tool('slack_old', 'Old.', 60));
  const after = page(longer, tool('slack_read_user', 'Read a profile.', 80), tool('slack_new', 'New.', 70));
  expect(toolChanges(before, before)).toEqual([]);
  expect(toolChanges(before, after)).toEqual([
    '~ slack_find: description, query, -kind, +limit; 100 → 120 tokens (+20)',
    '- slack_old (directory): 60 tokens',
    '+ slack_new (directory): 70 tokens',
    '3 → 3 tools; 240 → 270 tokens (+30)',
  ]);
});
