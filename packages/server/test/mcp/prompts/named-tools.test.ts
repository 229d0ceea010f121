import { expect, it } from 'vitest';
import { taskPrompts } from '../../../src/mcp/prompts/task-prompts.ts';
import { usagePrompts } from '../../../src/mcp/prompts/usage-prompts.ts';
import { selectTools, type ToolSelection } from '../../../src/tools/select-tools.ts';
import { toolInstructions } from '../../../src/tools/tool-instructions.ts';
import { allToolsets } from '../../../src/tools/toolsets/all-toolsets.ts';

const ALL = allToolsets.tools.map(({ name }) => name);
const SELECTIONS: readonly ToolSelection[] = [
  {},
  { toolsets: ['all'] },
  { toolsets: ['all'], readOnly: true },
  ...ALL.map((name) => ({ toolsets: ['all'], excludeTools: [name] })),
  ...ALL.map((name) => ({ toolsets: ['all'], excludeTools: ALL.filter((other) => other !== name) })),
];

it.each(SELECTIONS)('instructions and prompts name only tools that are on: %j', (selection) => {
  const selected = selectTools(allToolsets, selection, ['bot', 'user']);
  const names = new Set(selected.tools.map(({ name }) => name));
  const prompts = [...usagePrompts(selected.tools), ...taskPrompts(selected.tools)];
  const texts = prompts.flatMap(({ arguments: args, render }) => [
    render({}),
    render(Object.fromEntries(args.map(({ name }) => [name, 'general']))),
  ]);
  const instructions = toolInstructions({ ...selected, names, kinds: ['bot', 'user'] });
  for (const text of [instructions, ...texts]) {
    expect(
      (text.match(/\bslack_[a-z_]+[a-z]\b/g) ?? []).filter((name) => !names.has(name)),
      text,
    ).toEqual([]);
  }
});

it('a prompt names no field that answers show only as JSON', () => {
  const { tools } = selectTools(allToolsets, { toolsets: ['all'] }, ['bot', 'user']);
  for (const { render } of taskPrompts(tools)) expect(render({})).not.toMatch(/has_more|reply_count|next_cursor/);
});

it('every argument of a prompt has an effect', () => {
  const { tools } = selectTools(allToolsets, { toolsets: ['all'] }, ['bot', 'user']);
  for (const { name, arguments: args, render } of taskPrompts(tools)) {
    for (const argument of args)
      expect([name, render({ [argument.name]: 'a-value' })]).toEqual([name, expect.stringContaining('a-value')]);
  }
});
