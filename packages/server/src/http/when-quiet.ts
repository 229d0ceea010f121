/** Maximum number of turns of the event loop to wait for. */
const TURNS = 500;

/**
 * Maximum milliseconds of a quiet turn. In a longer turn, a connection can arrive after the turn has checked for
 * connections.
 */
const SHORT_MS = 0.5;

/**
 * Calls `act` immediately after a turn of the event loop in which nothing arrived. If every turn brings arrivals, `act`
 * is called after 500 turns.
 *
 * @param arrivals - counts arrivals
 */
export function whenQuiet(arrivals: () => number, act: () => void): void {
  let turns = 0;
  let seen = arrivals();
  let at = performance.now();
  const check = (): void => {
    turns += 1;
    const now = performance.now();
    const quiet = arrivals() === seen && now - at < SHORT_MS;
    seen = arrivals();
    at = now;
    if (quiet || turns >= TURNS) act();
    else setImmediate(check);
  };
  setImmediate(check);
}
