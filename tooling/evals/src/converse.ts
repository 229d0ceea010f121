import type { ToolService } from '../../../packages/server/src/tools/tool-service.ts';
import type { Ask } from './ask-command.ts';
import type { ToolList } from './listed-tools.ts';
import { firstPrompt, loadedPrompt, type Shape } from './prompt.ts';
import type { ToolCall } from './request.ts';

/** How often a model may answer before the conversation ends. */
const MOST_TURNS = 8;

/** How many characters of a result the model sees. */
const MOST_SHOWN = 20_000;

/** What a model answers: calls to make, or tools whose description it wants to see. */
export interface Answer {
  readonly calls: readonly ToolCall[];
  readonly load: readonly string[];
}

/**
 * Lets a model fulfil a request: makes its calls and shows it their results, until it makes no more calls. Resolves to
 * all calls in order.
 */
export async function converse(
  request: string,
  { ask, tools, list, shape, now = new Date() }: ConverseOptions,
): Promise<readonly ToolCall[]> {
  const made: ToolCall[] = [];
  let transcript = firstPrompt(list, shape, request, now);
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const text = await ask(transcript);
    const { calls, load } = readAnswer(text);
    if (calls.length === 0 && load.length === 0) break;
    const parts = load.length === 0 ? [] : [loadedPrompt(list, load)];
    for (const call of calls) {
      made.push(call);
      parts.push(`# Result of ${call.tool}\n\n${await resultOf(call, tools)}`);
    }
    transcript = [transcript, `# Your answer\n\n${text.trim()}`, ...parts].join('\n\n');
  }
  return made;
}

/** Where a model gets its answers from, and what it sees. */
export interface ConverseOptions {
  readonly ask: Ask;
  readonly tools: Pick<ToolService, 'callTool'>;
  readonly list: ToolList;
  readonly shape: Shape;
  readonly now?: Date;
}

/** Reads the JSON object in an answer, which may be in a code block or between other words. An answer without one is no call. */
export function readAnswer(text: string): Answer {
  const json = /\{[\s\S]*\}/.exec(text)?.[0];
  try {
    const { calls, load } = JSON.parse(json ?? '{}') as { calls?: unknown; load?: unknown };
    return {
      calls: listOf(calls).flatMap((call) => {
        const { tool, arguments: given } = (call ?? {}) as Record<string, unknown>;
        const args = typeof given === 'object' && given !== null ? (given as ToolCall['arguments']) : {};
        return typeof tool === 'string' ? [{ tool, arguments: args }] : [];
      }),
      load: listOf(load).map(String),
    };
  } catch {
    return { calls: [], load: [] };
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

async function resultOf({ tool, arguments: args }: ToolCall, tools: Pick<ToolService, 'callTool'>): Promise<string> {
  try {
    const { content } = await tools.callTool(tool, args);
    return content
      .map((part) => ('text' in part ? part.text : `(${part.type})`))
      .join('\n')
      .slice(0, MOST_SHOWN);
  } catch (error) {
    return (error as Error).message;
  }
}
