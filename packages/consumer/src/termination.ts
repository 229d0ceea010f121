import { constants } from 'node:os';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Calls `stop` at the first SIGTERM or SIGINT and keeps the process alive until the returned function is called. A
 * second signal ends the process at once.
 */
export function onTermination(stop: (signal: NodeJS.Signals) => void): () => void {
  let stopping = false;
  const listener = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(128 + constants.signals[signal]);
    stopping = true;
    stop(signal);
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  // Signal listeners do not keep a process alive, and not every backend has a socket that does.
  const alive = setInterval(() => {}, 2 ** 30);
  return () => {
    clearInterval(alive);
    for (const signal of SIGNALS) process.off(signal, listener);
  };
}
