/**
 * The reason why the consumer stopped waiting for a handler, which may still be running. The handler's `signal` is
 * aborted with this error.
 */
export class HandlerInterruptedError extends Error {
  override readonly name: string = 'HandlerInterruptedError';
  readonly code: 'HANDLER_TIMEOUT' | 'DRAIN_TIMEOUT' | 'MESSAGE_LOST';

  constructor(code: 'HANDLER_TIMEOUT' | 'DRAIN_TIMEOUT' | 'MESSAGE_LOST', message: string) {
    super(message);
    this.code = code;
  }
}

/** Settles like `work`, but rejects with the signal's reason if `signal` is aborted first. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
