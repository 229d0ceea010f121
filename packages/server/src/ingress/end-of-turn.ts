import { setImmediate } from 'node:timers';

/**
 * Creates a function that returns a promise for the end of the current turn of the event loop, shared by all calls in
 * the same turn. Writing answers together halves the cost on a busy server, because each separate write would wake the
 * process that waits for it.
 */
export function createEndOfTurn(): () => Promise<void> {
  let pending: Promise<void> | undefined;
  return () => {
    pending ??= new Promise((resolve) => {
      setImmediate(() => {
        pending = undefined;
        resolve();
      });
    });
    return pending;
  };
}
