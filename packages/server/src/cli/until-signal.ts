import { constants } from 'node:os';

/** Waits for the signal to end. */
export interface SignalWait {
  /** Resolves with the first SIGTERM or SIGINT. */
  readonly received: Promise<NodeJS.Signals>;
  /** Restores Node's default signal handling and lets the process end. */
  dispose(): void;
}

/**
 * Handles SIGTERM and SIGINT and keeps the process alive. The first signal is reported; the second ends the process at
 * once.
 */
export function untilSignal(): SignalWait {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let first = true;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (!first) process.exit(128 + constants.signals[signal]);
    first = false;
    resolve(signal);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  // While a worker or backend closes, nothing else may keep the event loop alive.
  const alive = setInterval(() => {}, 2 ** 30);
  return {
    received: promise,
    dispose: () => {
      clearInterval(alive);
      process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
    },
  };
}
