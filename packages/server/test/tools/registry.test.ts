import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineTool, type Tool } from '../../src/tools/define-tool.ts';
import { resolveGateRules } from '../../src/tools/gates/gate-rules.ts';
import { createToolRegistry, selectTools } from '../../src/tools/registry.ts';

function tool(name: string, options: { toolset?: string; readOnly?: boolean } = {}): Tool {
  return defineTool({
    name,
    title: name,
    description: name,
    input: z.strictObject({}),
    output: z.object({}),
    annotations: { readOnlyHint: options.readOnly ?? true, destructiveHint: false, idempotentHint: true },
    toolset: (options.toolset ?? 'messages') as Tool['toolset'],
    scopes: [],
    run: async () => ({}),
  });
}

const names = (registry: { tools: readonly Tool[] }) => registry.tools.map(({ name }) => name);

describe('a registry', () => {
  it('keeps the order and finds by name', () => {
    const registry = createToolRegistry([tool('c'), tool('a'), tool('b')]);
    expect(names(registry)).toEqual(['c', 'a', 'b']);
    expect(registry.get('a')?.name).toBe('a');
    expect(registry.get('toString')).toBeUndefined();
  });

  it('refuses two tools of one name', () => {
    expect(() => createToolRegistry([tool('a'), tool('a')])).toThrow('a');
  });
});

describe('selectTools', () => {
  const registry = createToolRegistry([
    tool('read'),
    tool('write', { readOnly: false }),
    tool('pin', { toolset: 'pins', readOnly: false }),
    tool('pins', { toolset: 'pins' }),
  ]);

  const rulesOf = (options: Parameters<typeof resolveGateRules>[0]) =>
    resolveGateRules(
      options,
      registry.tools.map(({ toolset }) => toolset),
    );

  it.each([
    [{}, ['read', 'write']],
    [{ readOnly: true }, ['read']],
    [{ toolsets: ['pins'] }, ['read', 'write', 'pin', 'pins']],
    [{ toolsets: ['all'] }, ['read', 'write', 'pin', 'pins']],
    [{ toolsets: ['pins'], readOnly: true }, ['read', 'pins']],
  ])('with %j', (selection, expected) => {
    expect(names(selectTools(registry, rulesOf(selection)))).toEqual(expected);
  });

  it('refuses what no tool belongs to', () => {
    expect(() => rulesOf({ toolsets: ['__proto__'] })).toThrow(/__proto__.*messages, pins/);
  });
});
