import { setImmediate } from 'node:timers';

/**
 * Gives out promises that resolve at the end of the present turn of the event loop: one for all that ask in the same
 * turn. Answers that are written together cost a busy server half as much, since each one alone would wake the process
 * that waits for it.
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
