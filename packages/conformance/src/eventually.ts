import { CheckFailure } from './check.ts';

/** Options for a wait. */
export interface WaitOptions {
  /** Maximum time in milliseconds. */
  deadlineMs: number;
  /** Describes the expected event. The text completes the sentence “waited … ms for …”. */
  describe: string | (() => string);
}

/** Milliseconds between two looks, at first and at most. A look can ask a broker, which takes processor time. */
const PAUSE_MS = { first: 5, most: 25 };

/**
 * Waits until `condition` returns a value that is neither `false` nor `undefined`, and resolves with it. The longer it
 * waits, the less often it looks.
 *
 * @throws CheckFailure - the deadline has passed
 */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  options: WaitOptions,
): Promise<Exclude<T, false | undefined>> {
  const start = performance.now();
  const end = start + options.deadlineMs;
  for (;;) {
    const value = await within(Promise.resolve(condition()), {
      deadlineMs: Math.max(1, end - performance.now()),
      describe: options.describe,
    });
    if (value !== false && value !== undefined) return value as Exclude<T, false | undefined>;
    if (performance.now() > end) throw tooLate(options);
    const pause = Math.min(PAUSE_MS.most, PAUSE_MS.first + (performance.now() - start) / 10);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/**
 * Waits for `promise` and returns its outcome.
 *
 * @throws CheckFailure - the promise is still pending at the deadline
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
