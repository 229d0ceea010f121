import type { Logger } from '../contract/logger.ts';

/** A watch for uncaught errors of the process. */
export interface FailureWait {
  /** Rejects at the first uncaught error, with that error as the cause. */
  readonly failed: Promise<never>;
  /** Restores Node's default handling of uncaught errors. */
  dispose(): void;
}

/**
 * Handles uncaught exceptions and unhandled rejections: logs the first failure and rejects the returned `failed`.
 * Ignores all later failures.
 */
export function untilFailure(logger: Logger): FailureWait {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  let first = true;
  const onFailure = (error: unknown): void => {
    if (!first) return;
    first = false;
    const name = error instanceof Error ? error.name : 'unknown';
    const reason = oneLine(error instanceof Error ? error.message : String(error));
    logger.error({ name, reason }, 'process_failed');
    reject(new Error(`uncaught error: ${name}: ${reason}`, { cause: error }));
  };
  process.on('uncaughtException', onFailure).on('unhandledRejection', onFailure);
  return {
    failed: promise,
    dispose: () => {
      process.off('uncaughtException', onFailure).off('unhandledRejection', onFailure);
    },
  };
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').slice(0, 500);
}
