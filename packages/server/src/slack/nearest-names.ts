/** The names most like `wanted`, nearest first: those that hold it or differ by few characters. */
export function nearestNames(wanted: string, names: Iterable<string>, limit = 5): string[] {
  const furthest = Math.max(1, Math.floor(wanted.length / 3));
  const ranked: { name: string; rank: number }[] = [];
  for (const name of names) {
    const rank = wanted.length > 1 && name.includes(wanted) ? 0 : editDistance(wanted, name, furthest);
    if (rank <= furthest) ranked.push({ name, rank });
  }
  ranked.sort((a, b) => a.rank - b.rank || a.name.length - b.name.length || (a.name < b.name ? -1 : 1));
  return ranked.slice(0, limit).map(({ name }) => name);
}

/** Characters to add, remove or replace; anything above `limit` once it is sure to exceed it. */
function editDistance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) > limit) return limit + 1;
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    if (Math.min(...current) > limit) return limit + 1;
    previous = current;
  }
  return previous[to.length] ?? limit + 1;
}
