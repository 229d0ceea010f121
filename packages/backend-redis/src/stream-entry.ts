import { decodePayload, type QueuePayload, SerializationError } from '@slack-mcp/core';
import { type ResolvedPublish, WIRE_HEADERS } from '@slack-mcp/core/backend';

/** The field that holds the payload's bytes. */
export const DATA = 'data';
const HEADER = 'header.';

/** An entry in Redis' format: names and values alternate. */
export interface StreamEntry<T extends string | Buffer = string> {
  readonly id: string;
  readonly fields: readonly T[];
}

/** What an entry contains about its message besides the payload. */
export interface EntryMetadata {
  readonly messageId: string;
  readonly timestamp: number;
  readonly orderingKey?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The fields of a message after payload, id and time, which come first in every entry. */
export function encodeFurtherFields({ orderingKey, headers }: ResolvedPublish): string[] {
  const fields = orderingKey === undefined ? [] : [WIRE_HEADERS.orderingKey, orderingKey];
  for (const name in headers) fields.push(HEADER + name, headers[name] as string);
  return fields;
}

/**
 * The payload of an entry. `undefined` if the bytes are needed: a replacement character in the text may stand for bytes
 * that are not valid UTF-8.
 *
 * @throws SerializationError - there is no field `data`, or it is not a JSON object in UTF-8
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
export function decodeEntryMetadata({ id, fields }: StreamEntry<string | Buffer>): EntryMetadata {
  let messageId = id;
  let timestamp = Number.NaN;
  let orderingKey: string | undefined;
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const name = String(fields[index]);
    if (name === DATA) continue;
    const value = String(fields[index + 1]);
    if (name === WIRE_HEADERS.messageId) messageId = value || id;
    else if (name === WIRE_HEADERS.timestamp) timestamp = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
    else if (name === WIRE_HEADERS.orderingKey) orderingKey = value;
    else if (name !== '__proto__') headers[name.startsWith(HEADER) ? name.slice(HEADER.length) : name] = value;
  }
  if (Number.isNaN(timestamp)) timestamp = Number.parseInt(id, 10);
  return orderingKey === undefined ? { messageId, timestamp, headers } : { messageId, timestamp, orderingKey, headers };
}

function isNamed(field: string | Buffer, name: string): boolean {
  return typeof field === 'string' ? field === name : field.length === name.length && field.toString() === name;
}
