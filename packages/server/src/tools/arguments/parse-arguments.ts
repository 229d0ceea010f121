import type { z } from 'zod';

/** An answer tells enough to do better, however much was wrong. */
const MOST_PROBLEMS = 10;
const LONGEST_PROBLEM = 300;

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
  const given = unwrapArguments(args ?? {});
  const broken = brokenText(given, '');
  if (broken !== undefined) {
    return { ok: false, problem: `${broken}: half of a character (an emoji cut in two?). Send whole characters.` };
  }
  const result = schema.safeParse(given);
  if (result.success) return { ok: true, value: result.data };
  const known = Object.keys(schema.shape).join(', ');
  const problems = result.error.issues.slice(0, MOST_PROBLEMS).map(describe).join('; ');
  return {
    ok: false,
    problem: `invalid arguments: ${problems}. Arguments: ${known || 'none'}. Correct them and call again.`,
  };
}

/** The arguments without the object that some callers put around them. */
export function unwrapArguments(args: unknown): unknown {
  if (typeof args !== 'object' || args === null || Array.isArray(args)) return args;
  const names = Object.keys(args);
  if (names.length !== 1 || names[0] !== 'input_params') return args;
  const nested = (args as { input_params: unknown }).input_params;
  return typeof nested === 'object' && nested !== null && !Array.isArray(nested) ? nested : args;
}

/** Where a text is that cannot be sent: a lone surrogate has no encoding. Tools take texts and lists of texts. */
function brokenText(value: unknown, path: string, levels = 2): string | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : path;
  if (typeof value !== 'object' || value === null || levels === 0) return undefined;
  for (const [name, part] of Object.entries(value)) {
    const found = brokenText(part, path === '' ? name : `${path}.${name}`, levels - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : String(part))).join('');
  const problem = path === '' ? issue.message : `${path}: ${issue.message}`;
  return problem.length > LONGEST_PROBLEM ? `${problem.slice(0, LONGEST_PROBLEM)}…` : problem;
}
