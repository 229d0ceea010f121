import type { z } from 'zod';
import { isAbsent, nameArguments } from './argument-names.ts';
import { coerceArgument, isOptional } from './coerce-argument.ts';
import { issueText } from './issue-text.ts';
import { readMessageLink } from './slack-time.ts';

/** Limits that keep the error message short, even if there are many problems. */
const MOST_PROBLEMS = 10;
const LONGEST_PROBLEM = 300;

/** The checked arguments of a call, or a description of their problems. */
export type ParsedArguments<Value> =
  | { ok: true; value: Value; ignored: readonly string[] }
  | { ok: false; problem: string };

/**
 * Checks the arguments of a call. Accepts an object, the object as JSON text, or an object under the single name
 * `input_params`, which clients of some other Slack MCP servers send. Also accepts other argument names and notations
 * if their meaning is unambiguous.
 */
export function parseArguments<Schema extends z.ZodObject>(
  schema: Schema,
  given: unknown,
): ParsedArguments<z.output<Schema>> {
  const known = Object.keys(schema.shape);
  const refuse = (problem: string): { ok: false; problem: string } => ({
    ok: false,
    problem: `invalid arguments: ${problem}${/[?.]$/.test(problem) ? '' : '.'} Arguments: ${known.join(', ') || 'none'}. Correct them and call again.`,
  });
  const plain = unwrapArguments(given);
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) {
    return refuse(`expected an object, received ${Array.isArray(plain) ? 'an array' : typeof plain}`);
  }
  const named = nameArguments(plain as Record<string, unknown>, known);
  if (named.problem !== undefined) return refuse(named.problem);
  const args: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(named.args)) {
    const argument = schema.shape[name] as z.core.$ZodType;
    if (isAbsent(value) && isOptional(argument)) continue;
    args[name] = coerceArgument(argument, value, name);
  }
  const broken = brokenText(args, '');
  if (broken !== undefined) {
    return {
      ok: false,
      problem: `${broken}: contains half of a character (an emoji cut in two?). Send complete characters.`,
    };
  }
  const misplaced = placeByLink(args, schema);
  if (misplaced !== undefined) return refuse(misplaced);
  const result = schema.safeParse(args);
  if (result.success) {
    const never = emptyWindow(result.data);
    return never === undefined ? { ok: true, value: result.data, ignored: named.ignored } : refuse(never);
  }
  return refuse(result.error.issues.slice(0, MOST_PROBLEMS).map(describe).join('; '));
}

/** Removes the wrappers that some callers add around the arguments. */
export function unwrapArguments(given: unknown): unknown {
  const args = parsedObject(given) ?? given ?? {};
  if (typeof args !== 'object' || Array.isArray(args)) return args;
  const names = Object.keys(args as object);
  if (names.length !== 1 || names[0] !== 'input_params') return args;
  const { input_params: nested } = args as { input_params: unknown };
  const inner = parsedObject(nested) ?? nested;
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? inner : args;
}

function parsedObject(given: unknown): object | undefined {
  if (typeof given !== 'string' || !/^\s*\{[\s\S]*\}\s*$/.test(given)) return undefined;
  try {
    return JSON.parse(given) as object;
  } catch {
    return undefined;
  }
}

/**
 * Takes omitted arguments from a link to a message: `channel` from a link in `timestamp` or `thread_ts`, and a required
 * `timestamp` or `thread_ts` from a link in `channel`. Returns a problem if two arguments name different channels.
 */
function placeByLink(args: Record<string, unknown>, { shape }: z.ZodObject): string | undefined {
  if (!('channel' in shape)) return undefined;
  const place = typeof args['channel'] === 'string' ? readMessageLink(args['channel']) : undefined;
  for (const name of ['thread_ts', 'timestamp']) {
    // An optional thread_ts is not filled in: it changes where a message is posted.
    const isRequired = name in shape && !isOptional(shape[name] as z.core.$ZodType);
    if (place !== undefined && isRequired && args[name] === undefined) args[name] = args['channel'];
    const link = typeof args[name] === 'string' ? readMessageLink(args[name]) : undefined;
    if (link === undefined) continue;
    const { channel = link.channel } = place === undefined ? args : { channel: place.channel };
    if (typeof channel === 'string' && /^[CDG][A-Z0-9]{8,}$/.test(channel) && channel !== link.channel) {
      return `${name}: the link points to ${link.channel}, but channel is ${channel}`;
    }
    args['channel'] = channel;
  }
  return undefined;
}

/** Returns a problem if `oldest` is later than `latest`. An empty answer would wrongly say that nothing was written. */
function emptyWindow({ oldest, latest }: Record<string, unknown>): string | undefined {
  if (typeof oldest !== 'string' || typeof latest !== 'string' || Number(oldest) <= Number(latest)) return undefined;
  return `oldest: ${oldest} is later than latest, ${latest}`;
}

/** Maximum nesting to which arguments are checked. Messages over HTTP cannot be nested more deeply. */
const MOST_LEVELS = 100;

/** Returns the path of a string that cannot be sent because it contains a lone surrogate. */
function brokenText(value: unknown, path: string, levels: number = MOST_LEVELS): string | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : path;
  if (typeof value !== 'object' || value === null || levels === 0) return undefined;
  for (const [name, part] of Object.entries(value)) {
    const found = brokenText(part, path === '' ? name : `${path}.${name}`, levels - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? String(part) : `.${String(part)}`))
    .join('');
  const message = issueText(issue);
  const problem = path === '' ? message : `${path}: ${message}`;
  return problem.length > LONGEST_PROBLEM ? `${problem.slice(0, LONGEST_PROBLEM)}…` : problem;
}
