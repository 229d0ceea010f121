import type { Logger } from '../contract/logger.ts';

/** Waits for an error that nobody caught. */
export interface FailureWait {
  /** Rejects with the first. */
  readonly failed: Promise<never>;
  /** Gives such errors back to Node's own handling. */
  dispose(): void;
}

/** Takes over uncaught exceptions and unhandled rejections: the first is logged and reported, further ones are not. */
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
    reject(new Error(`an error that nobody caught: ${name}: ${reason}`, { cause: error }));
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
