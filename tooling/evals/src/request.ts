import { readFileSync } from 'node:fs';

/** A call of a tool. */
export interface ToolCall {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** In an expected call, the names of arguments whose value the request leaves open. */
  readonly any?: readonly string[];
}

/** A call that should be made. */
export interface ExpectedCall extends ToolCall {
  /** Other calls that are as good. */
  readonly or?: readonly ToolCall[];
}

/** A request of a person, with the calls that should be made. */
export interface EvalRequest {
  readonly id: string;
  /** What kind of request it is. */
  readonly wish: string;
  readonly request: string;
  /** What the person wants, one entry for each step. */
  readonly wanted: readonly string[];
  readonly calls: readonly ExpectedCall[];
}

/** The two halves of the requests. No description may be changed because of the hidden half. */
export const HALVES = ['visible', 'hidden'] as const;

export type Half = (typeof HALVES)[number];

const TOMORROW = /\{tomorrow (\d\d:\d\d)\}/g;

/** Reads the requests of a half. `{tomorrow 09:00}` in an argument stands for that time in UTC. */
export function readRequests(half: Half, now: Date = new Date()): readonly EvalRequest[] {
  const tomorrow = new Date(now.getTime() + 86_400_000).toISOString().slice(0, 10);
  return readFileSync(new URL(`../requests/${half}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line.replace(TOMORROW, `${tomorrow}T$1:00Z`)) as EvalRequest);
}

/** The calls that complete a step: the expected call and the calls that are as good. */
export function acceptedCalls({ or = [], ...call }: ExpectedCall): readonly ToolCall[] {
  return [call, ...or];
}
