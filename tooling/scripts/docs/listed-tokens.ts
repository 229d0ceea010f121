import { createRequire } from 'node:module';
import { listedTool } from '../../../packages/server/src/tools/listed-tool.ts';
import type { ToolRegistry } from '../../../packages/server/src/tools/registry.ts';

/** The tokenizer is a dependency of the server's tests. */
const requireOfServer = createRequire(new URL('../../../packages/server/package.json', import.meta.url));
const { encode } = requireOfServer('gpt-tokenizer/encoding/o200k_base') as { encode(text: string): number[] };

/** Returns the tokens (o200k) of each tool in the list that clients receive, by the name of the tool. */
export function listedTokens({ tools }: Pick<ToolRegistry, 'tools'>): ReadonlyMap<string, number> {
  return new Map(tools.map((tool) => [tool.name, encode(JSON.stringify(listedTool(tool))).length]));
}

/** The source file with the tokens of each tool, for the command `slack-mcp tools`. */
export function listedTokensSource(registry: Pick<ToolRegistry, 'tools'>): string {
  const lines = [...listedTokens(registry)].map(([name, tokens]) => `  ${name}: ${tokens},`);
  return [
    '/** The number of tokens (o200k) that each tool adds to the tool list. `pnpm docs:sync` writes this file. */',
    'export const LISTED_TOKENS: Readonly<Record<string, number>> = {',
    ...lines,
    '};',
    '',
  ].join('\n');
}
