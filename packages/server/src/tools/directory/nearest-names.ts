import { Smallest } from './smallest.ts';

/** Maximum number of characters by which a similar name may differ. */
const FURTHEST = 3;

/**
 * Returns the names most similar to `wanted`, the most similar name first. A similar name contains `wanted` or differs
 * by at most three characters.
 */
export function nearestNames(wanted: string, names: Iterable<string>, limit = 5): readonly string[] {
  const nearest = new NearestNames(wanted, limit);
  for (const name of names) nearest.add(name);
  return nearest.names;
}

/** Finds the most similar names like `nearestNames`, but receives one name at a time. */
export class NearestNames {
  readonly #wanted: string;
  readonly #furthest: number;
  readonly #distanceTo: (name: string) => number;
  readonly #nearest: Smallest<{ name: string; rank: number }>;

  constructor(wanted: string, limit = 5) {
    this.#wanted = wanted;
    this.#furthest = Math.min(FURTHEST, Math.max(1, Math.floor(wanted.length / 3)));
    this.#distanceTo = editDistance(wanted, this.#furthest);
    this.#nearest = new Smallest(
      limit,
      (a, b) => a.rank - b.rank || a.name.length - b.name.length || (a.name < b.name ? -1 : 1),
    );
  }

  add(name: string): void {
    const rank = this.#wanted.length > 1 && name.includes(this.#wanted) ? 0 : this.#distanceTo(name);
    if (rank <= this.#furthest) this.#nearest.add({ name, rank });
  }

  get names(): readonly string[] {
    return this.#nearest.items.map(({ name }) => name);
  }
}

/**
 * Returns a function that computes the number of characters to add, remove or replace to turn `from` into another name.
 * If the number exceeds `limit`, the function stops early and returns a value above `limit`. This saves time in
 * workspaces with hundreds of thousands of names.
 */
function editDistance(from: string, limit: number): (to: string) => number {
  const beyond = limit + 1;
  let previous = new Uint8Array(from.length + beyond + 1);
  let current = new Uint8Array(from.length + beyond + 1);

  return (to) => {
    if (Math.abs(from.length - to.length) > limit) return beyond;
    for (let column = 0; column <= to.length; column += 1) previous[column] = Math.min(column, beyond);
    for (let row = 1; row <= from.length; row += 1) {
      const first = Math.max(1, row - limit);
      const last = Math.min(to.length, row + limit);
      const letter = from.charCodeAt(row - 1);
      current[first - 1] = first === 1 ? Math.min(row, beyond) : beyond;
      let least = current[first - 1] ?? beyond;
      for (let column = first; column <= last; column += 1) {
        const replaced = (previous[column - 1] ?? beyond) + (letter === to.charCodeAt(column - 1) ? 0 : 1);
        // The cell above the last one in the band is outside the band.
        const removed = column < row + limit ? (previous[column] ?? beyond) + 1 : beyond;
        const cell = Math.min(replaced, removed, (current[column - 1] ?? beyond) + 1, beyond);
        current[column] = cell;
        if (cell < least) least = cell;
      }
      if (least > limit) return beyond;
      [previous, current] = [current, previous];
    }
    return previous[to.length] ?? beyond;
  };
}
