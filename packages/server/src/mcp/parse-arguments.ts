import type { z } from 'zod';

/** Checked arguments, or what is wrong with them. */
export type ParsedArguments<Value> = { ok: true; value: Value } | { ok: false; problem: string };

/**
 * Checks the arguments of a call. They are flat; an object under the single name `input_params` is taken as well, which
 * is how callers of the Python server pass them.
 */
export function parseArguments<Schema extends z.ZodObject>(
  schema: Schema,
  args: unknown,
): ParsedArguments<z.output<Schema>> {
  const result = schema.safeParse(unwrap(args ?? {}));
  if (result.success) return { ok: true, value: result.data };
  const known = Object.keys(schema.shape).join(', ');
  const problems = result.error.issues.map(describe).join('; ');
  return {
    ok: false,
    problem: `invalid arguments: ${problems}. Arguments: ${known || 'none'}. Correct them and call again.`,
  };
}

function unwrap(args: unknown): unknown {
  if (typeof args !== 'object' || args === null || Array.isArray(args)) return args;
  const names = Object.keys(args);
  if (names.length !== 1 || names[0] !== 'input_params') return args;
  const nested = (args as { input_params: unknown }).input_params;
  return typeof nested === 'object' && nested !== null && !Array.isArray(nested) ? nested : args;
}

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : String(part))).join('');
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}
