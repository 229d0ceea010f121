import type { DeadLetter } from '../contract/dead-letters.ts';

/** The name of the header or field that holds the {@link ParkingRecord} of a parked message, as JSON. */
export const PARKING_HEADER = 'slack-mcp-dead-letter';

/** Why and when a message was parked. A backend stores the record next to the unchanged message. */
export interface ParkingRecord {
  /** The id of the message at the broker before it was parked. */
  readonly id: string;
  readonly retryCount: number;
  /** When the message was parked, in milliseconds since the epoch. */
  readonly at: number;
  readonly reason: DeadLetter['reason'];
}

/** Returns the JSON text of a record. */
export function encodeParkingRecord({ id, retryCount, at, reason }: ParkingRecord): string {
  return JSON.stringify({ id, retryCount, at, reason });
}

/**
 * Parses the record of a parked message. Never throws.
 *
 * @param stored - the value of {@link PARKING_HEADER}
 * @param place - the id and time at the broker, used for a message that another program parked
 */
export function decodeParkingRecord(
  stored: string | Uint8Array | undefined,
  place: { readonly id: string; readonly at: number },
): ParkingRecord {
  return parse(stored) ?? { ...place, retryCount: 0, reason: FOREIGN };
}

const FOREIGN: DeadLetter['reason'] = { code: 'FOREIGN', message: 'it was not parked by this package' };

function parse(stored: string | Uint8Array | undefined): ParkingRecord | undefined {
  if (stored === undefined) return undefined;
  let record: Partial<ParkingRecord> | null;
  try {
    record = JSON.parse(typeof stored === 'string' ? stored : Buffer.from(stored).toString());
  } catch {
    return undefined;
  }
  const { id, retryCount, at, reason } = record ?? {};
  const isWhole = typeof id === 'string' && typeof retryCount === 'number' && typeof at === 'number';
  return isWhole && typeof reason === 'object' && reason !== null ? { id, retryCount, at, reason } : undefined;
}
