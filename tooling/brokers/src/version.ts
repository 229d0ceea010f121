/** Whether a text is a version, for example `4`, `4.3` or `4.3.6`. */
export function isVersion(text: string): boolean {
  return /^\d{1,4}(\.\d{1,4}){0,2}$/.test(text);
}

/** Whether `version` equals `wanted` or begins with it: `4.3` matches 4.3.6 but not 4.30.0. `undefined` matches all. */
export function satisfies(version: string, wanted: string | undefined): boolean {
  return wanted === undefined || `${version}.`.startsWith(`${wanted}.`);
}

/** Sorts versions, newest first. */
export function newestFirst(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number)) as [number[], number[]];
  for (const [index, number] of left.entries()) {
    const difference = (right[index] ?? 0) - number;
    if (difference !== 0) return difference;
  }
  return right.length - left.length;
}
