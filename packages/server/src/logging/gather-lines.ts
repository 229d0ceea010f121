import { setImmediate } from 'node:timers';

/** The stream to which a logger writes its lines. */
export interface LineStream {
  write(line: string): void;
  /** Writes all gathered lines at once. */
  flushSync(): void;
}

/**
 * Maximum number of gathered characters. If more characters are gathered, the lines are written before the turn ends.
 */
const MAX_GATHERED = 65_536;

/**
 * Gathers the log lines of one turn of the event loop and writes them together. On a busy server, writing each line
 * separately would cost more than the work that the line describes. Lines that are still gathered when the process
 * exits are also written.
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
