import type { QueueKey } from '@slack-mcp/core';

/**
 * Divides the keys and patterns of a subscription into sets so that no message matches two sets. The keys of a set
 * share one queue, which receives each message once.
 */
export function separateKeys(keys: readonly QueueKey[]): QueueKey[][] {
  const sets: QueueKey[][] = [];
  for (const key of keys) {
    const touched = sets.filter((set) => set.some((other) => overlap(other.split('.'), key.split('.'))));
    for (const set of touched) sets.splice(sets.indexOf(set), 1);
    sets.push([...touched.flat(), key]);
  }
  return sets;
}

/** Whether a routing key exists that both patterns match. `*` matches one word, `#` any number of words. */
function overlap(one: readonly string[], other: readonly string[]): boolean {
  const [first, ...rest] = one;
  const [second, ...others] = other;
  if (first === undefined && second === undefined) return true;
  if (first === '#') return overlap(rest, other) || (second !== undefined && overlap(one, others));
  if (second === '#') return overlap(one, others) || (first !== undefined && overlap(rest, other));
  if (first === undefined || second === undefined) return false;
  return (first === '*' || second === '*' || first === second) && overlap(rest, others);
}
