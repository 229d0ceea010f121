import { decodeParkingRecord, PARKING_HEADER, type ParkingRecord } from '@slack-mcp/core/backend';
import { MORE_FIELDS } from './scripts/parked-fields.ts';
import type { StreamEntry } from './stream-entry.ts';

/**
 * Splits an entry of the dead letters into the record of its parking and its original fields. Never throws, even if
 * another program wrote the entry.
 */
export function readParked({ id, fields }: StreamEntry<Buffer>): {
  record: ParkingRecord;
  fields: readonly Buffer[];
} {
  const isOurs = fields[0]?.toString() === PARKING_HEADER;
  const record = decodeParkingRecord(isOurs ? fields[1] : undefined, { id, at: Number.parseInt(id, 10) });
  return { record, fields: withMoreFields(isOurs ? fields.slice(2) : fields) };
}

/** Unpacks the fields that parking packed into one field. */
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
