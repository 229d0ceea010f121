/** Reads the value of an option, for example `--seconds 300`. Throws an error for the user if it is out of range. */
export function wholeNumber(name: string, text: string | undefined, from: number, to: number): number {
  const value = Number(text);
  if (text !== undefined && /^\d+$/.test(text) && value >= from && value <= to) return value;
  throw new Error(`--${name} is ${JSON.stringify(text)}: expected a whole number from ${from} to ${to}.`);
}
