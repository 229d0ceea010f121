import { crc32 } from 'node:zlib';
import type { PublishOptions, QueueKey } from '@slack-mcp/core';

/** An event in the spool, with everything that is needed to publish it. */
export interface SpoolRecord {
  readonly key: QueueKey;
  /** The payload as JSON text. */
  readonly payload: string;
  readonly options: Pick<PublishOptions, 'messageId' | 'orderingKey' | 'headers'>;
  /** When the event was written, in milliseconds since the epoch. */
  readonly at: number;
}

/** Number of characters of the checksum and the space after it. */
const PREFIX = 9;

/** Writes a record as one line, which begins with a checksum. */
export function encodeRecord(record: SpoolRecord): string {
  const text = JSON.stringify(record);
  return `${checksum(text)} ${text}\n`;
}

/** Reads a line without its line break. Returns `undefined` if the line is damaged. */
export function decodeRecord(line: string): SpoolRecord | undefined {
  const text = line.slice(PREFIX);
  if (line.slice(0, PREFIX) !== `${checksum(text)} `) return undefined;
  try {
    const record = JSON.parse(text) as Partial<SpoolRecord> | null;
    const isRecord =
      typeof record?.payload === 'string' && typeof record.options === 'object' && record.options !== null;
    return isRecord ? (record as SpoolRecord) : undefined;
  } catch {
    return undefined;
  }
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
