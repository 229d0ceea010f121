import { setImmediate } from 'node:timers';

/** Where a logger writes its lines. */
export interface LineStream {
  write(line: string): void;
  /** Writes the gathered lines. */
  flushSync(): void;
}

/** Maximum number of gathered characters. Beyond it, lines are written before the turn ends. */
const MAX_GATHERED = 65_536;

/**
 * Gathers the lines of one turn of the event loop and writes them together: on a busy server, writing each line
 * separately would cost more than the work that the line describes. No line is lost at the end of the process.
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
