import { CheckFailure } from './check.ts';

/** How long to wait, and for what. */
export interface WaitOptions {
  /** Milliseconds. */
  deadlineMs: number;
  /** Completes the sentence “waited … ms for …”. */
  describe: string | (() => string);
}

/**
 * Resolves the first value of `condition` that is neither `false` nor `undefined`.
 *
 * @throws CheckFailure - at the deadline
 */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  options: WaitOptions,
): Promise<Exclude<T, false | undefined>> {
  const end = performance.now() + options.deadlineMs;
  for (;;) {
    const value = await within(Promise.resolve(condition()), {
      deadlineMs: Math.max(1, end - performance.now()),
      describe: options.describe,
    });
    if (value !== false && value !== undefined) return value as Exclude<T, false | undefined>;
    if (performance.now() > end) throw tooLate(options);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/**
 * The outcome of `promise`.
 *
 * @throws CheckFailure - when it is still pending at the deadline
 */
export async function within<T>(promise: Promise<T>, options: WaitOptions): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooLate(options)), options.deadlineMs);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

function tooLate({ deadlineMs, describe }: WaitOptions): CheckFailure {
  const what = typeof describe === 'string' ? describe : describe();
  return new CheckFailure(`waited ${Math.round(deadlineMs)} ms for ${what}`);
}
