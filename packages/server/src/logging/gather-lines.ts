import { setImmediate } from 'node:timers';

/** Where a logger writes its lines. */
export interface LineStream {
  write(line: string): void;
  /** Hands over what was gathered. */
  flushSync(): void;
}

/** Characters beyond which lines are handed over before the turn is over. */
const MAX_GATHERED = 65_536;

/**
 * Gathers the lines of one turn of the event loop and hands them over together: a write for each would cost a busy
 * server more than what they tell about. At the end of the process nothing is left behind.
 */
export function gatherLines(handOver: (lines: string) => void): LineStream {
  let gathered = '';

  function flushSync(): void {
    if (gathered === '') return;
    const lines = gathered;
    gathered = '';
    process.off('exit', flushSync);
    handOver(lines);
  }

  return {
    flushSync,
    write: (line) => {
      if (gathered === '') {
        setImmediate(flushSync);
        process.on('exit', flushSync);
      }
      gathered += line;
      if (gathered.length > MAX_GATHERED) flushSync();
    },
  };
}
