import { constants } from 'node:os';

/** Waits for the request to end. */
export interface SignalWait {
  /** Resolves with the first SIGTERM or SIGINT. */
  readonly received: Promise<NodeJS.Signals>;
  /** Gives the signals back to Node's own handling, and lets the process end. */
  dispose(): void;
}

/**
 * Takes over SIGTERM and SIGINT, and keeps the process alive: the first is reported, the second ends the process at
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
  // While a worker or backend closes, there may be nothing else that Node waits for.
  const alive = setInterval(() => {}, 2 ** 30);
  return {
    received: promise,
    dispose: () => {
      clearInterval(alive);
      process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
    },
  };
}
