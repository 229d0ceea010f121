/** Formats an invalid value for an error message, with quotes, with at most 60 characters and without Slack tokens. */
export function quote(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'number') return String(value);
  if (typeof value !== 'string') return `a ${typeof value}`;
  if (SLACK_TOKEN.test(value)) return 'a Slack token';
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}

const SLACK_TOKEN = /xox[a-z]-|xox[a-z]\.|xapp-/i;
