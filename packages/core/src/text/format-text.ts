import { escapeControls } from './escape-controls.ts';

/**
 * Formats a JSON log line as readable text: time, level, message, then the fields. The value of a field can never start
 * a line, look like another field or control the terminal.
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

/** Formats a text without quotes if it is unambiguous, otherwise as JSON. */
function plain(value: unknown): string {
  return typeof value === 'string' && !/["=\n]/.test(value) ? value : JSON.stringify(value);
}

/** Returns the stack of an error, indented so that no line looks like a log entry. */
function stackOf(err: unknown): string {
  const { stack } = err as { stack?: string };
  return stack === undefined ? JSON.stringify(err) : stack.replace(/\n(?! )/g, '\n  ');
}
