import { decodePayload, type QueuePayload, SerializationError } from '@slack-mcp/core';
import { decodeMetadata, encodeMetadata, type ResolvedPublish, type WireMetadata } from '@slack-mcp/core/backend';

/** The field that holds the payload's bytes. */
export const DATA = 'data';
const HEADER = 'header.';

/** An entry in Redis' format: names and values alternate. */
export interface StreamEntry<T extends string | Buffer = string> {
  readonly id: string;
  readonly fields: readonly T[];
}

/** The fields of a message after payload, id and time, which come first in every entry. */
export function encodeFurtherFields({ orderingKey, headers }: ResolvedPublish): string[] {
  return encodeMetadata({ orderingKey, headers }, HEADER);
}

/**
 * The payload of an entry. `undefined` if the bytes are needed: a replacement character in the text may stand for bytes
 * that are not valid UTF-8.
 *
 * @throws SerializationError - there is no field `data`, or its value is not a JSON object in UTF-8
 */
export function decodeEntryPayload({ fields }: StreamEntry<string | Buffer>): QueuePayload | undefined {
  const data = dataOf(fields);
  if (data === undefined) throw new SerializationError(`there is no field ${DATA}`);
  if (typeof data === 'string' && data.includes('\ufffd')) return undefined;
  return decodePayload(data);
}

/** The value of the field `data`. `undefined` if there is no such field. */
export function dataOf<T extends string | Buffer>(fields: readonly T[]): T | undefined {
  for (let index = 0; index + 1 < fields.length; index += 2) {
    if (isNamed(fields[index] as T, DATA)) return fields[index + 1];
  }
  return undefined;
}

/** Never throws: derives missing or malformed values from the entry's id. Unknown fields become headers. */
export function decodeEntryMetadata({ id, fields }: StreamEntry<string | Buffer>): WireMetadata {
  return decodeMetadata(fields, { messageId: id, timestamp: Number.parseInt(id, 10), prefix: HEADER, payload: DATA });
}

function isNamed(field: string | Buffer, name: string): boolean {
  return typeof field === 'string' ? field === name : field.length === name.length && field.toString() === name;
}
