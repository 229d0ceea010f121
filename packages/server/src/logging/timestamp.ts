/** Creates a function that returns pino's time field in ISO 8601. The text is formatted once per millisecond. */
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
