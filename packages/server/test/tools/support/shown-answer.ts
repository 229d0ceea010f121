import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import type { ToolResult } from '../../../src/tools/tool-result.ts';

/**
 * Returns what a client shows to its model: the structured content if there is any, otherwise the texts. Clients
 * such as Claude Code show only one of them.
 */
export function shownAnswer({ content, structuredContent }: ToolResult): string {
  return structuredContent === undefined
    ? content.map(({ text }) => text).join('\n')
    : JSON.stringify(structuredContent);
}

/** Returns the number of tokens of a text, in the encoding `o200k_base`. */
export function tokensOf(text: string): number {
  return encode(text).length;
}
