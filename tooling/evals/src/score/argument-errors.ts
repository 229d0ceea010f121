import type { ToolDescription } from '../../../../packages/server/src/tools/define-tool.ts';
import { schemaOf } from '../listed-tools.ts';
import { sameValue } from './same-value.ts';

/**
 * The four kinds of argument errors: an argument that the tool does not have, an expected or required argument that is
 * absent, a value that the schema refuses, and a valid value that is not the expected value.
 */
export const ARGUMENT_ERRORS = ['unknown', 'missing', 'invalid', 'different'] as const;

export type ArgumentError = (typeof ARGUMENT_ERRORS)[number];

/** An argument error, with the name of the argument. */
export interface FoundError {
  readonly kind: ArgumentError;
  readonly argument: string;
}

type Arguments = Readonly<Record<string, unknown>>;

/**
 * Compares the arguments of a call with the expected arguments. Further arguments that the tool has, such as `limit`,
 * are no error.
 */
export function argumentErrors(tool: ToolDescription, given: Arguments, expected: Arguments): readonly FoundError[] {
  const known = Object.keys((tool.inputSchema['properties'] ?? {}) as object);
  const required = (tool.inputSchema['required'] ?? []) as readonly string[];
  const result = schemaOf(tool).safeParse(given);
  const refused = new Set(result.success ? [] : result.error.issues.map(({ path }) => String(path[0])));
  const found = new Map<string, ArgumentError>();
  for (const name of Object.keys(given)) {
    if (given[name] === undefined) continue;
    if (!known.includes(name)) found.set(name, 'unknown');
    else if (refused.has(name)) found.set(name, 'invalid');
  }
  for (const name of new Set([...required, ...Object.keys(expected)])) {
    if (found.has(name)) continue;
    if (given[name] === undefined) found.set(name, 'missing');
    else if (name in expected && !sameValue(name, given[name], expected[name])) found.set(name, 'different');
  }
  return [...found].map(([argument, kind]) => ({ kind, argument }));
}
