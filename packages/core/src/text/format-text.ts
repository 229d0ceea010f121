/** One line of JSON log as a line for people: time, level, what happened, then its fields. */
export function formatText(line: string): string {
  const { time, level, message, err, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const rest = Object.entries(fields)
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('');
  const stack = err === undefined ? '' : `\n${(err as { stack?: string }).stack ?? JSON.stringify(err)}`;
  return `${String(time).slice(11, 23)} ${String(level).toUpperCase().padEnd(5)} ${message ?? ''}${rest}${stack}\n`;
}
