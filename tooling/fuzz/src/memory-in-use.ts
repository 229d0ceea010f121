/** Bytes in use after garbage collection, so that uncollected garbage does not count as a leak. */
export function memoryInUse(): number {
  // Collect twice: the first pass finds objects that are reachable only through weak references and finalizers.
  for (let pass = 0; pass < 2; pass += 1) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
