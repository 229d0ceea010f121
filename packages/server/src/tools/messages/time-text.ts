const SECONDS_PER_DAY = 86_400;

/** The last date that was written. Most messages of an answer were posted on the same few days. */
let last = { day: Number.NaN, date: '' };

/** Returns a time as readable text in UTC, with seconds, or an empty string if the number is not a valid time. */
export function timeOf(seconds: number): string {
  const day = Math.floor(seconds / SECONDS_PER_DAY);
  if (day !== last.day) last = { day, date: dateOf(day) };
  if (last.date === '') return '';
  const time = Math.floor(seconds) - day * SECONDS_PER_DAY;
  const minutes = Math.floor(time / 60);
  return `${last.date}T${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(time % 60)}Z`;
}

/** Returns the date of a day, counted from 1 January 1970, or an empty string if there is no such day. */
function dateOf(day: number): string {
  const start = new Date(day * SECONDS_PER_DAY * 1_000);
  return Number.isNaN(start.getTime()) ? '' : start.toISOString().replace(/T.*/, '');
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}
