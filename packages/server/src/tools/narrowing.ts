import { nearestNames } from './directory/nearest-names.ts';
import type { RegisteredTool, ToolRegistry } from './registry.ts';

/** A request's own selection of tools. It can only reduce the server's selection. */
export interface Narrowing {
  /** Toolsets to keep, or `all`. If `toolsets` and `tools` are undefined, all tools are kept. */
  readonly toolsets?: readonly string[];
  /** Tools to keep in addition to the tools of `toolsets`. */
  readonly tools?: readonly string[];
  readonly excludeTools?: readonly string[];
  /** Keeps only tools that read. */
  readonly readOnly?: boolean;
}

/** Thrown if a request's selection names a tool or toolset that the server does not serve. */
export class NarrowingError extends Error {
  readonly code = 'invalid_selection';

  constructor(problem: string) {
    super(problem);
    this.name = 'NarrowingError';
  }
}

/**
 * Returns a function that decides whether a request may use a tool.
 *
 * @param registry - the tools that the server serves
 * @throws NarrowingError - a name is unknown; it is not ignored, because a misspelled exclusion would exclude nothing
 */
export function narrowed(registry: ToolRegistry, narrowing: Narrowing): (tool: RegisteredTool) => boolean {
  const { toolsets, readOnly = false } = narrowing;
  const named = (names: readonly string[]): readonly string[] => names.map((name) => registry.get(name)?.name ?? name);
  const tools = narrowing.tools && named(narrowing.tools);
  const excludeTools = named(narrowing.excludeTools ?? []);
  const sets = registry.toolsets.map(({ id }) => id);
  check('toolset', toolsets ?? [], [...sets, 'all']);
  const names = registry.tools.map(({ name }) => name);
  check('tool', [...(tools ?? []), ...excludeTools], names);
  const isLimited = toolsets !== undefined || tools !== undefined;
  return ({ name, toolset, annotations }) =>
    (!isLimited || keeps(toolsets, toolset) || tools?.includes(name) === true) &&
    !excludeTools.includes(name) &&
    (!readOnly || annotations.readOnlyHint);
}

/** Whether a request may read the resources that belong to a toolset. */
export function allowsToolset({ toolsets, tools }: Narrowing, toolset: string): boolean {
  return (toolsets === undefined && tools === undefined) || keeps(toolsets, toolset);
}

function keeps(toolsets: readonly string[] | undefined, toolset: string): boolean {
  return toolsets !== undefined && (toolsets.includes('all') || toolsets.includes(toolset));
}

function check(kind: string, given: readonly string[], known: readonly string[]): void {
  const wrong = given.find((name) => !known.includes(name));
  if (wrong === undefined) return;
  const [nearest] = nearestNames(wrong.slice(0, 100), known, 1);
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  throw new NarrowingError(`This server serves no ${kind} named ${JSON.stringify(wrong.slice(0, 60))}.${hint}`);
}
