import type { StreamEntry } from './stream-entry.ts';

/** The entries of a reply to `XRANGE`, without deleted entries. */
export function parseEntries<T extends string | Buffer = string>(reply: unknown): StreamEntry<T>[] {
  const entries: StreamEntry<T>[] = [];
  for (const item of (reply ?? []) as [T, T[] | null][]) {
    if (item?.[1]) entries.push({ id: String(item[0]), fields: item[1] });
  }
  return entries;
}

/** The entries of a reply to `XREAD` or `XREADGROUP`, by stream. */
export function parseStreams(reply: unknown): [stream: string, entries: StreamEntry[]][] {
  return ((reply ?? []) as [string, unknown][]).map(([stream, entries]) => [stream, parseEntries(entries)]);
}

/** Whether a text is a well-formed entry id. */
export function isEntryId(text: string): boolean {
  return /^\d{1,20}-\d{1,20}$/.test(text);
}

/** Negative if `a` is older. */
export function compareIds(a: string, b: string): number {
  const [aTime = '', aSequence = ''] = a.split('-');
  const [bTime = '', bSequence = ''] = b.split('-');
  return Number(aTime) - Number(bTime) || Number(BigInt(aSequence) - BigInt(bSequence));
}
