import type { StreamEntry } from './stream-entry.ts';

/** Returns the entries in a reply to `XRANGE`, without deleted entries. */
export function parseEntries<T extends string | Buffer = string>(reply: unknown): StreamEntry<T>[] {
  const entries: StreamEntry<T>[] = [];
  for (const item of (reply ?? []) as [T, T[] | null][]) {
    if (item?.[1]) entries.push({ id: String(item[0]), fields: item[1] });
  }
  return entries;
}

/** Returns the entries in a reply to `XREAD` or `XREADGROUP`, by stream. */
export function parseStreams(reply: unknown): [stream: string, entries: StreamEntry[]][] {
  return ((reply ?? []) as [string, unknown][]).map(([stream, entries]) => [stream, parseEntries(entries)]);
}

const ENTRY_ID = /^(?:0|[1-9]\d{0,19})-(?:0|[1-9]\d{0,19})$/;
const MAX_PART = 2n ** 64n - 1n;

/** Whether a text is the canonical id of an entry: two 64-bit numbers without leading zeros. */
export function isEntryId(text: string): boolean {
  return ENTRY_ID.test(text) && text.split('-').every((part) => BigInt(part) <= MAX_PART);
}

/** Compares two entry ids. The result is negative if `a` is older. */
export function compareIds(a: string, b: string): number {
  const [aTime = '', aSequence = ''] = a.split('-');
  const [bTime = '', bSequence = ''] = b.split('-');
  return Number(BigInt(aTime) - BigInt(bTime)) || Number(BigInt(aSequence) - BigInt(bSequence));
}
