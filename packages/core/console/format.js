const NUMBER = new Intl.NumberFormat('en');
const PLURAL = new Intl.PluralRules('en');

export const number = (value) => (value === undefined ? '–' : NUMBER.format(value));

/** For example `1 dead letter`, `2 dead letters`. */
export function count(value, noun) {
  return `${number(value)} ${PLURAL.select(value) === 'one' ? noun : `${noun}s`}`;
}

/** For example `340 ms`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(ms) {
  if (ms === undefined) return '–';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return join([minutes, 'min'], [seconds % 60, 's']);
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return join([hours, 'h'], [minutes % 60, 'min']);
  return join([Math.floor(hours / 24), 'd'], [hours % 24, 'h']);
}

function join([large, unit], [small, smaller]) {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smaller}`;
}

/** For example `2026-01-31 12:00:00`, in the time zone of the browser. */
export function dateTime(time) {
  const date = new Date(time);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock(time)}`;
}

/** For example `12:00:00`. */
export function clock(time) {
  const date = new Date(time);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** For example `12:00:00.123`. */
export function preciseClock(time) {
  return `${clock(time)}.${String(new Date(time).getMilliseconds()).padStart(3, '0')}`;
}

const two = (value) => String(value).padStart(2, '0');
