import type { ToolDescription } from '../../../../packages/server/src/tools/define-tool.ts';
import { acceptedCalls, type ExpectedCall, type ToolCall } from '../request.ts';
import { argumentErrors, type FoundError } from './argument-errors.ts';

/** Stands for the missing side of a pair: a call that was not made, or a call that should not have been made. */
export const NO_CALL = '(none)';

/** An expected call and the call that was made instead or in its place. */
export interface MatchedCall {
  readonly expected: string;
  readonly made: string;
  /** The errors in the arguments, if the tool is right. */
  readonly errors: readonly FoundError[];
}

/**
 * Pairs the calls that were made with the expected calls, in order. Calls of the right tool are paired first; then each
 * remaining expected call is paired with the next remaining call, as a confusion of the two tools.
 */
export function matchCalls(
  tools: readonly ToolDescription[],
  expected: readonly ExpectedCall[],
  made: readonly ToolCall[],
): readonly MatchedCall[] {
  const open = [...made];
  const missed: ExpectedCall[] = [];
  const matched: MatchedCall[] = [];
  for (const call of expected) {
    const accepted = acceptedCalls(call);
    const index = open.findIndex(({ tool }) => accepted.some((other) => other.tool === tool));
    const [found] = index === -1 ? [] : open.splice(index, 1);
    if (found === undefined) missed.push(call);
    else matched.push({ expected: found.tool, made: found.tool, errors: fewestErrors(tools, found, accepted) });
  }
  const confused = missed.map(({ tool }) => ({ expected: tool, made: open.shift()?.tool ?? NO_CALL, errors: [] }));
  const extra = open.map(({ tool }) => ({ expected: NO_CALL, made: tool, errors: [] }));
  return [...matched, ...confused, ...extra];
}

function fewestErrors(
  tools: readonly ToolDescription[],
  made: ToolCall,
  accepted: readonly ToolCall[],
): readonly FoundError[] {
  const tool = tools.find(({ name }) => name === made.tool);
  if (tool === undefined) return [];
  return accepted
    .filter((call) => call.tool === made.tool)
    .map(({ arguments: expected, any = [] }) =>
      argumentErrors(tool, made.arguments, expected).filter(
        ({ kind, argument }) => kind !== 'different' || !any.includes(argument),
      ),
    )
    .reduce((best, errors) => (errors.length < best.length ? errors : best));
}
