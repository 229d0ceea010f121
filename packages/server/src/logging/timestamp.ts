/** Pino's field of the time, in ISO 8601. What is logged within one millisecond shares its text. */
export function createTimestamp(now: () => number = Date.now): () => string {
  let last = Number.NaN;
  let text = '';
  return () => {
    const time = now();
    if (time !== last) {
      last = time;
      text = `,"time":"${new Date(time).toISOString()}"`;
    }
    return text;
  };
}
