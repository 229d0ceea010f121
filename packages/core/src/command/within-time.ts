/**
 * Waits for a promise for at most `timeoutMs` milliseconds, and resolves with `late` if the promise is still pending.
 * Rejects if the promise rejects.
 */
export async function withinTime(promise: Promise<unknown>, timeoutMs: number): Promise<'settled' | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, timeoutMs), 'late');
  });
  try {
    return await Promise.race([promise.then(() => 'settled' as const), late]);
  } finally {
    clearTimeout(timer);
  }
}
