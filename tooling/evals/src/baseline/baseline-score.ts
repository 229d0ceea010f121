import { listedTools } from '../listed-tools.ts';
import { acceptedCalls, type EvalRequest, type Half, readRequests } from '../request.ts';
import { type Score, score } from '../score/score.ts';
import { lexicalBaseline } from './lexical-baseline.ts';

/** The requests of a half that one call of these tools completes. */
export function singleStepRequests(half: Half, names: readonly string[]): readonly EvalRequest[] {
  return readRequests(half).filter(
    ({ calls: [call, ...more] }) =>
      call !== undefined && more.length === 0 && acceptedCalls(call).some(({ tool }) => names.includes(tool)),
  );
}

/** Whether a tool is among those that complete the first step of the request. */
export function isFirstRight({ calls: [call] }: EvalRequest, tool: string): boolean {
  return call !== undefined && acceptedCalls(call).some((accepted) => accepted.tool === tool);
}

/** Scores the lexical baseline on the requests of a half that one call completes, among the tools that are listed. */
export function baselineScore(half: Half, toolsets: readonly string[] = []): Score {
  const list = listedTools(toolsets);
  const pick = lexicalBaseline(list);
  const names = list.tools.map(({ name }) => name);
  const answers = singleStepRequests(half, names).map((request) => ({
    request,
    calls: [{ tool: pick(request.request), arguments: {} }],
  }));
  return score(list.tools, answers);
}
