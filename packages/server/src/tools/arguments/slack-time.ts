import { timeOfWords } from './relative-time.ts';

/** A link to a message, in the format of "Copy link" in Slack. */
export interface MessageLink {
  readonly channel: string;
  readonly ts: string;
  /** The `ts` of the thread's first message, if the link points to a reply. */
  readonly threadTs?: string | undefined;
}

const LINK = /^<?https:\/\/[\w.-]+\/archives\/([A-Z][A-Z0-9]{4,})\/p(\d{10})(\d{6})(?:\?([^|>\s]*))?(?:\|[^>]*)?>?$/;

/** Parses a link to a message. Returns undefined for other strings. */
export function readMessageLink(text: string): MessageLink | undefined {
  const [, channel, seconds, fraction, query = ''] = LINK.exec(text.trim()) ?? [];
  if (channel === undefined) return undefined;
  const threadTs = new URLSearchParams(query).get('thread_ts');
  return {
    channel,
    ts: `${seconds}.${fraction}`,
    ...(threadTs !== null && isMessageTs(threadTs) ? { threadTs } : {}),
  };
}

/** The exact time of a message in UTC, as answers show it or in ISO 8601. The time has all digits of the `ts`. */
const EXACT = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?:\.(\d\d)|:(\d\d)\.)(\d{6}) ?(?:Z|[+-]00:?00)?$/i;

/** Returns the `ts` for the exact time of a message, or undefined for other strings. */
function tsOfExactTime(text: string): string | undefined {
  const [, date, time, short, long, micros] = EXACT.exec(text) ?? [];
  const ms = date === undefined ? Number.NaN : Date.parse(`${date}T${time}:${short ?? long}Z`);
  return Number.isNaN(ms) ? undefined : `${ms / 1_000}.${micros}`;
}

/** Whether a string is the `ts` of a message, exactly as Slack writes it. */
export function isMessageTs(text: string): boolean {
  return /^\d{10}\.\d{6}$/.test(text);
}

/**
 * Normalizes the `ts` of a message. Accepts every unambiguous form: the form that Slack uses, a form without trailing
 * zeros or without the decimal point, the exact time, the `p…` form of links, or a link to the message. Other strings are returned
 * unchanged.
 */
export function toMessageTs(text: string, { thread = false }: { thread?: boolean } = {}): string {
  const given = unquoted(text);
  const link = readMessageLink(given);
  if (link !== undefined) return (thread ? link.threadTs : undefined) ?? link.ts;
  const exact = tsOfExactTime(given);
  if (exact !== undefined) return exact;
  const [, seconds, fraction] = /^p?(\d{10})\.?(\d{1,6})$/.exec(given) ?? [];
  if (seconds === undefined || fraction === undefined) return given;
  // Without the point, the value is unambiguous only with all its digits.
  return given.includes('.') || fraction.length === 6 ? `${seconds}.${fraction.padEnd(6, '0')}` : given;
}

const EARLIEST_S = Date.UTC(2000) / 1_000;
const LATEST_S = Date.UTC(2100) / 1_000;
const DATE = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)? ?(Z|[+-]\d\d:?\d\d)$/i;

/** Whether a string is a date and a time in ISO 8601 without a time zone. Such a time means a different moment in each zone. */
export function lacksZone(text: string): boolean {
  return MOMENT.test(`${unquoted(text)}Z`) && !MOMENT.test(unquoted(text));
}

/**
 * Whether a string is a time that Slack accepts and at which a message can have been posted. `0` stands for the
 * beginning of the history.
 */
export function isSlackTime(text: string): boolean {
  if (!/^\d{1,10}(\.\d{1,6})?$/.test(text)) return false;
  const seconds = Number(text);
  return seconds === 0 || (seconds >= EARLIEST_S && seconds < LATEST_S);
}

/**
 * Normalizes a time to Slack's format. Accepts every unambiguous form: seconds, milliseconds, microseconds or
 * nanoseconds since 1970, ISO 8601 with a time zone, a date (meaning its start in UTC), words such as `7d` and
 * `yesterday`, the `ts` of a message or a link to a message. Other strings are returned unchanged.
 *
 * @param now - the current time in milliseconds since 1970
 */
export function toSlackTime(text: string, now: number = Date.now()): string {
  const given = unquoted(text);
  if (isSlackTime(given)) return given;
  const exact = tsOfExactTime(given);
  if (exact !== undefined) return exact;
  if (/^\d{13}$/.test(given)) return `${given.slice(0, 10)}.${given.slice(10)}000`;
  if (/^\d{19}$/.test(given)) return `${given.slice(0, 10)}.${given.slice(10, 16)}`;
  if (DATE.test(given) || MOMENT.test(given)) {
    const ms = Date.parse(given.replace(/^(\S+) (\d\d:)/, '$1T$2').replace(' ', ''));
    return Number.isNaN(ms) || !isDay(given.slice(0, 10)) ? given : toSeconds(ms);
  }
  const meant = timeOfWords(given, now);
  return meant === undefined ? toMessageTs(given) : toSeconds(meant);
}

/** Whether a day exists: `Date.parse` reads the 30th of February as the 2nd of March. */
function isDay(date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
}

/** Formats milliseconds since 1970 as seconds with six decimals. */
function toSeconds(ms: number): string {
  return `${Math.floor(ms / 1_000)}.${String(ms % 1_000).padStart(3, '0')}000`;
}

function unquoted(text: string): string {
  return text.trim().replace(/^(["'`])(.*)\1$/, '$2');
}
