import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineTool, type Tool } from '../../src/tools/define-tool.ts';
import { narrowed } from '../../src/tools/narrowing.ts';
import { createToolRegistry } from '../../src/tools/registry.ts';
import { selectTools, type ToolSelection } from '../../src/tools/select-tools.ts';
import { toolInstructions } from '../../src/tools/tool-instructions.ts';
import type { Toolset } from '../../src/tools/toolset.ts';

function tool(name: string, options: { readOnly?: boolean; aliases?: readonly string[] } = {}): Tool {
  return defineTool({
    name,
    aliases: options.aliases ?? [],
    title: name,
    description: name,
    input: () => z.strictObject({}),
    output: () => z.object({}),
    annotations: { readOnlyHint: options.readOnly ?? true, destructiveHint: false, idempotentHint: true },
    scopes: [],
    run: async () => ({}),
  });
}

function toolset(id: string, tools: Tool[], isDefault = true): Toolset {
  return { id, description: id, default: isDefault, instructions: [`About ${id}.`], tools };
}

const names = (registry: { tools: readonly Tool[] }) => registry.tools.map(({ name }) => name);

describe('a registry', () => {
  it('keeps the order of tools and finds them by name', () => {
    const registry = createToolRegistry([toolset('one', [tool('c'), tool('a')]), toolset('two', [tool('b')])]);
    expect(names(registry)).toEqual(['c', 'a', 'b']);
    expect(registry.get('a')?.name).toBe('a');
    expect(registry.get('b')?.toolset).toBe('two');
    expect(registry.get('toString')).toBeUndefined();
  });

  it('rejects two tools with one name and two toolsets with one id', () => {
    expect(() => createToolRegistry([toolset('one', [tool('a')]), toolset('two', [tool('a')])])).toThrow('named a');
    expect(() => createToolRegistry([toolset('one', []), toolset('one', [])])).toThrow('id one');
  });
});

describe('a tool that was renamed', () => {
  const registry = createToolRegistry([toolset('one', [tool('new', { aliases: ['old'] }), tool('other')])]);

  it('is found by its old name, and listed only by its new name', () => {
    expect(registry.get('old')?.name).toBe('new');
    expect(names(registry)).toEqual(['new', 'other']);
    expect(names(selectTools(registry, { excludeTools: ['old'] }))).toEqual(['other']);
    expect(names(selectTools(registry, { tools: ['old'] }))).toEqual(['new', 'other']);
    expect(registry.tools.filter(narrowed(registry, { tools: ['old'] })).map(({ name }) => name)).toEqual(['new']);
    expect(registry.tools.filter(narrowed(registry, { excludeTools: ['old'] })).map(({ name }) => name)).toEqual([
      'other',
    ]);
  });

  it('may not have the old name of another tool', () => {
    const both = [tool('a', { aliases: ['b'] }), tool('b')];
    expect(() => createToolRegistry([toolset('one', both)])).toThrow('The alias b of the tool a is a name');
  });
});

describe('a selection', () => {
  const registry = createToolRegistry([
    toolset('messages', [tool('read'), tool('write', { readOnly: false })]),
    toolset('pins', [tool('pin', { readOnly: false }), tool('pins')], false),
  ]);

  it.each<[ToolSelection, string[]]>([
    [{}, ['read', 'write']],
    [{ readOnly: true }, ['read']],
    [{ toolsets: ['pins'] }, ['read', 'write', 'pin', 'pins']],
    [{ toolsets: ['all'] }, ['read', 'write', 'pin', 'pins']],
    [{ toolsets: ['pins'], readOnly: true }, ['read', 'pins']],
    [{ tools: ['pins'] }, ['read', 'write', 'pins']],
    [{ toolsets: ['Pins'], excludeTools: ['WRITE', 'Pin'] }, ['read', 'pins']],
    [{ tools: ['pin'], readOnly: true }, ['read']],
    [{ tools: ['pin'], excludeTools: ['pin', 'read'] }, ['write']],
    [{ toolsets: ['all'], excludeTools: ['write', 'pin'] }, ['read', 'pins']],
  ])('%j serves %j', (selection, expected) => {
    expect(names(selectTools(registry, selection))).toEqual(expected);
  });

  it('omits a toolset that has no tools left', () => {
    const selected = selectTools(registry, { excludeTools: ['read', 'write'], tools: ['pins'] });
    expect(selected.toolsets.map(({ id }) => id)).toEqual(['pins']);
  });

  it('composes the instructions from the selected toolsets', () => {
    const instructions = (selection: ToolSelection, kinds: readonly ('bot' | 'user')[] = ['bot']) => {
      const selected = selectTools(registry, selection);
      return toolInstructions({ ...selected, names: new Set(names(selected)), kinds });
    };
    expect(instructions({})).toMatch(/^Tools for Slack, acting as a bot\..*never as.*About messages\.$/s);
    expect(instructions({ tools: ['pins'] })).toMatch(/About messages\.\nAbout pins\.$/);
    expect(instructions({}, ['user'])).toContain('acting as the owner of the user token.');
  });

  it.each<[ToolSelection, RegExp]>([
    [{ toolsets: ['__proto__'] }, /SLACK_MCP_TOOLSETS.*__proto__.*messages, pins/],
    [{ toolsets: ['mesages'] }, /SLACK_MCP_TOOLSETS: .*"mesages".*SLACK_MCP_TOOLSETS=messages/],
    [{ tools: ['pinz'] }, /SLACK_MCP_TOOLS: .*"pinz".*SLACK_MCP_TOOLS=pin/],
    [{ excludeTools: ['wrte'] }, /SLACK_MCP_EXCLUDE_TOOLS: .*"wrte".*SLACK_MCP_EXCLUDE_TOOLS=write/],
  ])('%j is rejected with the available names', (selection, message) => {
    expect(() => selectTools(registry, selection)).toThrow(message);
  });
});
