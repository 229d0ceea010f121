import type { ToolDescription } from '../../../../packages/server/src/tools/define-tool.ts';
import type { EvalRequest, ToolCall } from '../request.ts';
import { ARGUMENT_ERRORS, type ArgumentError } from './argument-errors.ts';
import { matchCalls, NO_CALL } from './match-calls.ts';

/** The calls that a model made for a request. */
export interface Answered {
  readonly request: EvalRequest;
  readonly calls: readonly ToolCall[];
}

/** How well a tool was chosen. */
export interface ToolScore {
  readonly tool: string;
  /** How many of the calls that were made of this tool should have been made. 1 without such calls. */
  readonly precision: number;
  /** How many of the expected calls of this tool were made. 1 without such calls. */
  readonly recall: number;
  readonly expected: number;
}

/** The figures for a set of requests. */
export interface Score {
  readonly requests: number;
  /** Requests for which the right tools were called, and no others. */
  readonly chosen: number;
  /** Requests for which the right tools were called with no error in the arguments. */
  readonly exact: number;
  readonly tools: readonly ToolScore[];
  /** How often each pair of an expected and a different made call occurred, the most frequent first. */
  readonly confusions: readonly { readonly expected: string; readonly made: string; readonly count: number }[];
  /** Number of argument errors by kind, in calls of the right tool. */
  readonly argumentErrors: Readonly<Record<ArgumentError, number>>;
}

/** Scores the answers of a model. */
export function score(tools: readonly ToolDescription[], answers: readonly Answered[]): Score {
  const matched = answers.map(({ request, calls }) => matchCalls(tools, request.calls, calls));
  const isChosen = matched.map((pairs) => pairs.every(({ expected, made }) => expected === made));
  const isExact = matched.map((pairs, index) => isChosen[index] && pairs.every(({ errors }) => errors.length === 0));
  const pairs = matched.flat();
  const right = pairs.filter(({ expected, made }) => expected === made);
  const wrong = pairs.filter(({ expected, made }) => expected !== made);
  const counts = new Map<string, number>();
  for (const { expected, made } of wrong) {
    const key = `${expected} ${made}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const errors = right.flatMap((pair) => pair.errors);
  const names = [...new Set(pairs.flatMap(({ expected, made }) => [expected, made]))].filter(
    (name) => name !== NO_CALL,
  );
  return {
    requests: answers.length,
    chosen: isChosen.filter(Boolean).length,
    exact: isExact.filter(Boolean).length,
    tools: names.sort().map((tool) => {
      const hits = right.filter(({ made }) => made === tool).length;
      const made = pairs.filter((pair) => pair.made === tool).length;
      const expected = pairs.filter((pair) => pair.expected === tool).length;
      return { tool, precision: made === 0 ? 1 : hits / made, recall: expected === 0 ? 1 : hits / expected, expected };
    }),
    confusions: [...counts]
      .map(([key, count]) => {
        const [expected = '', made = ''] = key.split(' ');
        return { expected, made, count };
      })
      .toSorted((a, b) => b.count - a.count),
    argumentErrors: Object.fromEntries(
      ARGUMENT_ERRORS.map((kind) => [kind, errors.filter((error) => error.kind === kind).length]),
    ) as Record<ArgumentError, number>,
  };
}
