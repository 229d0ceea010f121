import { escapeControls } from './escape-controls.ts';

/**
 * One line of JSON log as a line for people: time, level, what happened, then its fields. What a field holds never
 * begins a line or looks like another field, and reaches no terminal as a command.
 */
export function formatText(line: string): string {
  const { time, level, message, err, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const rest = Object.entries(fields)
    .map(([name, value]) => ` ${plain(name)}=${plain(value)}`)
    .join('');
  const stack = err === undefined ? '' : `\n${stackOf(err)}`;
  const head = `${String(time).slice(11, 23)} ${String(level).toUpperCase().padEnd(5)}`;
  return `${escapeControls(`${head} ${plain(message ?? '')}${rest}${stack}`)}\n`;
}

/** Texts as they are, where they cannot be taken for anything else. */
function plain(value: unknown): string {
  return typeof value === 'string' && !/["=\n]/.test(value) ? value : JSON.stringify(value);
}

/** Each of its lines stands further in than a line of the log. */
function stackOf(err: unknown): string {
  const { stack } = err as { stack?: string };
  return stack === undefined ? JSON.stringify(err) : stack.replace(/\n(?! )/g, '\n  ');
}
