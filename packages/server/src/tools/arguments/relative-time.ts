const DAY_MS = 86_400_000;

/** Milliseconds in a unit of time, by its letter. */
const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS };

/** The names of units, by letter. Months and years have no fixed length, and `m` alone stands for minutes. */
const UNIT = '(m|min|mins|minutes?|h|hrs?|hours?|d|days?|w|weeks?)';

const PAST = new RegExp(String.raw`^(?:(?:the )?(?:last|past) (\d{1,4}) ?${UNIT}|-?(\d{1,4}) ?${UNIT}(?: ago)?)$`);
const FUTURE = new RegExp(String.raw`^(?:in |\+)(\d{1,4}) ?${UNIT}$`);

/** A date with the name of its month, such as `Nov 15, 2023` or `15 November 2023`. */
const NAMED_DATE = /^(?:[a-z]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}(?:st|nd|rd|th)? [a-z]{3,9}\.?,? \d{4})$/;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Returns the time, in milliseconds since 1970, that words name: `now`, `today` and `yesterday` (the start of the day
 * in UTC), a time in the past (`7d`, `3 hours ago`, `last 2 weeks`) or in the future (`in 2 hours`), or a date with the
 * name of its month. Returns undefined for other words, such as `tomorrow at 9`, which depend on a time zone.
 */
export function timeOfWords(text: string, now: number): number | undefined {
  const words = text.trim().toLowerCase().replace(/\s+/g, ' ');
  if (words === 'now') return now;
  if (words === 'today') return startOfDay(now);
  if (words === 'yesterday') return startOfDay(now - DAY_MS);
  const [, count, unit, shortCount = count, shortUnit = unit] = PAST.exec(words) ?? [];
  if (shortCount !== undefined) return now - Number(shortCount) * msOf(shortUnit);
  const [, later, laterUnit] = FUTURE.exec(words) ?? [];
  if (later !== undefined) return now + Number(later) * msOf(laterUnit);
  return NAMED_DATE.test(words) ? dateOf(words) : undefined;
}

function startOfDay(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS;
}

function msOf(unit = ''): number {
  return UNITS[unit[0] ?? ''] ?? 0;
}

function dateOf(words: string): number | undefined {
  const month = MONTHS.indexOf(/[a-z]{3,}/.exec(words.replace(/\d+(?:st|nd|rd|th)/, ''))?.[0].slice(0, 3) ?? '');
  const [day = 0, year = 0] = (words.match(/\d+/g) ?? []).map(Number);
  const date = new Date(Date.UTC(year, month, day));
  return month >= 0 && date.getUTCMonth() === month && date.getUTCDate() === day ? date.getTime() : undefined;
}
