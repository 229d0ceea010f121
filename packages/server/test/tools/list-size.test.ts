import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, it } from 'vitest';
import { listedTool } from '../../src/tools/listed-tool.ts';
import { selectTools } from '../../src/tools/select-tools.ts';
import { allToolsets } from '../../src/tools/toolsets/all-toolsets.ts';

/** The tools as clients list them, and the tokens of the list. */
function listed(toolsets: readonly string[]): { count: number; tokens: number } {
  const tools = selectTools(allToolsets, { toolsets }, ['bot', 'user']).tools.map((tool) => listedTool(tool));
  return { count: tools.length, tokens: encode(JSON.stringify({ tools })).length };
}

it('lists at most 16 tools in 3,000 tokens by default', () => {
  const { count, tokens } = listed([]);
  expect(count).toBeLessThanOrEqual(16);
  expect(tokens).toBeLessThanOrEqual(3_000);
});

it('lists at most 30 tools in 8,000 tokens with every toolset', () => {
  const { count, tokens } = listed(['all']);
  expect(count).toBeLessThanOrEqual(30);
  expect(tokens).toBeLessThanOrEqual(8_000);
});

it('lists the tools for all other methods in 500 tokens', () => {
  const { tools } = allToolsets.toolsets.find(({ id }) => id === 'methods') ?? { tools: [] };
  expect(encode(JSON.stringify(tools.map((tool) => listedTool(tool)))).length).toBeLessThanOrEqual(500);
});
