/** Bytes that are held on to: what a collector of garbage has not come to yet is no leak. */
export function memoryInUse(): number {
  // Twice: the first pass finds what only weak references and finalizers kept.
  for (let pass = 0; pass < 2; pass += 1) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
