import { expect } from 'vitest';
import { FAILURE_META_KEY, type ToolResult } from '../../../src/tools/tool-result.ts';

// biome-ignore lint/suspicious/noExplicitAny: the outputs of all tools, checked by content
export type Output = Record<string, any>;

/** The output of a call that succeeded. */
export function output(result: ToolResult): Output {
  expect(result.isError, result.content[0]?.text).toBeUndefined();
  return result.structuredContent ?? {};
}

/** Why a call failed. */
export function failure(result: ToolResult): { code: string; text: string; details: object; output: Output } {
  expect(result.isError, JSON.stringify(result.structuredContent)).toBe(true);
  const meta = result._meta?.[FAILURE_META_KEY];
  return {
    code: meta?.code ?? '',
    text: result.content[0]?.text ?? '',
    details: meta?.details ?? {},
    output: result.structuredContent ?? {},
  };
}
