/** Matches the arguments that Redis quotes in its error for an unknown command. */
const QUOTED_ARGUMENTS = /,? with args beginning with:.*/is;

/**
 * Removes the arguments of commands, which may be passwords and payloads, from an error and all its causes. Changes the
 * error itself and returns it, so that its stack and class are kept.
 */
export function withholdArguments<T>(error: T, seen: Set<unknown> = new Set()): T {
  if (typeof error !== 'object' || error === null || seen.has(error)) return error;
  seen.add(error);
  const holder = error as Record<string, unknown>;
  const { command } = holder as { command?: { name?: unknown } };
  if (command !== undefined) holder['command'] = { name: command.name };
  for (const text of ['message', 'stack']) {
    const value = holder[text];
    if (typeof value === 'string' && QUOTED_ARGUMENTS.test(value)) holder[text] = value.replace(QUOTED_ARGUMENTS, '');
  }
  for (const name of ['cause', 'lastNodeError', 'previousErrors', 'errors']) {
    const inner = holder[name];
    for (const each of Array.isArray(inner) ? inner : [inner]) withholdArguments(each, seen);
  }
  return error;
}
