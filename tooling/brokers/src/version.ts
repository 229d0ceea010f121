/** Whether a text is a version such as `4`, `4.3` or `4.3.6`. */
export function isVersion(text: string): boolean {
  return /^\d{1,4}(\.\d{1,4}){0,2}$/.test(text);
}

/** Whether `version` is `wanted` or begins with it: 4.3.6 is wanted by `4.3`, 4.30.0 is not. No wish takes any. */
export function satisfies(version: string, wanted: string | undefined): boolean {
  return wanted === undefined || `${version}.`.startsWith(`${wanted}.`);
}

/** Orders versions, the newest first. */
export function newestFirst(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number)) as [number[], number[]];
  for (const [index, number] of left.entries()) {
    const difference = (right[index] ?? 0) - number;
    if (difference !== 0) return difference;
  }
  return right.length - left.length;
}
