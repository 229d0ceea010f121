/** The result of one check. Only a `failure` makes the doctor end with exit code 1. */
export interface Finding {
  /** What was checked, in a few words. */
  readonly check: string;
  readonly verdict: 'ok' | 'note' | 'warning' | 'failure';
  /** What was found, without secrets. */
  readonly message: string;
  /** What to do about a warning or a failure. */
  readonly advice?: string;
}

/** Formats a finding as one line, and its advice as a second line. */
export function findingText({ check, verdict, message, advice }: Finding): string {
  const line = `${verdict.padEnd(7)}  ${check.padEnd(14)}  ${oneLine(message)}\n`;
  return advice === undefined ? line : `${line}${' '.repeat(25)}${oneLine(advice)}\n`;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim();
}
