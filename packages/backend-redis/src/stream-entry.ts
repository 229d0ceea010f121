import { decodePayload, type QueuePayload, SerializationError } from '@slack-mcp/core';
import { decodeMetadata, encodeMetadata, type ResolvedPublish, type WireMetadata } from '@slack-mcp/core/backend';

/** The name of the entry's field that contains the bytes of the payload. */
export const DATA = 'data';
const HEADER = 'header.';

/** An entry in Redis' format: names and values alternate. */
export interface StreamEntry<T extends string | Buffer = string> {
  readonly id: string;
  readonly fields: readonly T[];
}

/** Returns the fields that follow the payload, the id and the time in an entry. */
export function encodeFurtherFields({ orderingKey, headers }: ResolvedPublish): string[] {
  return encodeMetadata({ orderingKey, headers }, HEADER);
}

/**
 * Decodes the payload of an entry. Returns `undefined` if the entry must be read again as bytes, because a replacement
 * character in the text may stand for bytes that are not valid UTF-8.
 *
 * @throws SerializationError - there is no field `data`, or its value is not a JSON object in UTF-8
 */
export function decodeEntryPayload({ fields }: StreamEntry<string | Buffer>): QueuePayload | undefined {
  const data = dataOf(fields);
  if (data === undefined)
    throw new SerializationError(
      `the entry has no field "${DATA}": only messages published with this backend can be read`,
    );
  if (typeof data === 'string' && data.includes('\ufffd')) return undefined;
  return decodePayload(data);
}

/** Returns the value of the field `data`, or `undefined` if there is no such field. */
export function dataOf<T extends string | Buffer>(fields: readonly T[]): T | undefined {
  for (let index = 0; index + 1 < fields.length; index += 2) {
    if (isNamed(fields[index] as T, DATA)) return fields[index + 1];
  }
  return undefined;
}

/**
 * Decodes the metadata of an entry. Derives missing or malformed values from the entry's id, and returns unknown fields
 * as headers. Never throws.
 */
export function decodeEntryMetadata({ id, fields }: StreamEntry<string | Buffer>): WireMetadata {
  return decodeMetadata(fields, { messageId: id, timestamp: Number.parseInt(id, 10), prefix: HEADER, payload: DATA });
}

function isNamed(field: string | Buffer, name: string): boolean {
  return typeof field === 'string' ? field === name : field.length === name.length && field.toString() === name;
}
