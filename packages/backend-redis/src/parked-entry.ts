import type { DeadLetter } from '@slack-mcp/core';
import { DEAD_LETTER, MORE_FIELDS } from './scripts/parked-fields.ts';
import type { StreamEntry } from './stream-entry.ts';

/** Why and when an entry was parked. */
export interface About {
  /** Its id in the original stream. */
  readonly id: string;
  readonly retryCount: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly reason: DeadLetter['reason'];
}

/**
 * Splits a dead letter into its record and its original fields. Never throws, even if another program wrote the entry.
 */
export function readParked({ id, fields }: StreamEntry<Buffer>): { about: About; fields: readonly Buffer[] } {
  const isOurs = fields[0]?.toString() === DEAD_LETTER;
  const about = (isOurs ? parseAbout(fields[1]) : undefined) ?? {
    id,
    retryCount: 0,
    at: Number.parseInt(id, 10),
    reason: { code: 'FOREIGN', message: 'it was not parked by this package' },
  };
  return { about, fields: withMoreFields(isOurs ? fields.slice(2) : fields) };
}

function parseAbout(field: Buffer | undefined): About | undefined {
  let about: Partial<About> | null;
  try {
    about = JSON.parse(String(field));
  } catch {
    return undefined;
  }
  const { id, retryCount, at, reason } = about ?? {};
  const isWhole = typeof id === 'string' && typeof retryCount === 'number' && typeof at === 'number';
  return isWhole && typeof reason === 'object' && reason !== null ? { id, retryCount, at, reason } : undefined;
}

/** Appends the fields that were too many for one script call. */
function withMoreFields(fields: readonly Buffer[]): readonly Buffer[] {
  const packed = fields.at(-1);
  if (packed === undefined || fields.at(-2)?.toString() !== MORE_FIELDS) return fields;
  const more: Buffer[] = [];
  for (let start = 0; start < packed.length; ) {
    const separator = packed.indexOf(':', start);
    const end = separator + 1 + Number(packed.toString('latin1', start, separator));
    if (separator < 0 || !(end <= packed.length)) return fields;
    more.push(packed.subarray(separator + 1, end));
    start = end;
  }
  return [...fields.slice(0, -2), ...more];
}
