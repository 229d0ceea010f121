import type { JsonObject } from '@slack-mcp/core';
import { isObject, stringOf } from '../../messages/json-fields.ts';
import { decodeEntities, type ReadableNames } from '../../messages/readable-text.ts';
import { timeOf } from '../../messages/time-text.ts';

/** A file as tools return it. */
export interface SlackFile {
  id: string;
  name: string;
  title?: string;
  /** The media type, such as `text/csv`. */
  type: string;
  bytes: number;
  /** The ID of the user who uploaded the file. */
  user?: string;
  /** The user's readable name, if known. */
  author?: string;
  /** The time of the upload, in UTC. */
  created: string;
  /** A channel that shares the file, if any. */
  channel?: string;
  /** The URL at which people can open the file. */
  link: string;
}

/** Converts a file from a Slack answer. */
export function toSlackFile(file: JsonObject, channel: string | undefined, names: ReadableNames): SlackFile {
  const [name, title] = [decodeEntities(stringOf(file['name'])), decodeEntities(stringOf(file['title']))];
  const user = stringOf(file['user']);
  const author = names.get(user);
  return {
    id: stringOf(file['id']),
    name: name || title,
    ...(title !== '' && title !== name && name !== '' && { title }),
    type: typeOf(file),
    bytes: Number(file['size'] ?? 0),
    ...(user !== '' && { user }),
    ...(author !== undefined && { author }),
    created: timeOf(Number(file['created'] ?? 0)),
    ...(channel !== undefined && { channel }),
    link: stringOf(file['permalink']),
  };
}

/** The media type of a file, in lower case. */
export function typeOf(file: JsonObject): string {
  return (stringOf(file['mimetype']) || 'application/octet-stream').toLowerCase();
}

/** Returns the IDs of the conversations that share a file. Slack may not list all of them. */
export function channelsOf(file: JsonObject): readonly string[] {
  const lists = ['channels', 'groups', 'ims'].flatMap((name) => {
    const ids = file[name];
    return Array.isArray(ids) ? ids.map(stringOf) : [];
  });
  const shares = isObject(file['shares']) ? Object.values(file['shares']) : [];
  const shared = shares.flatMap((places) => (isObject(places) ? Object.keys(places) : []));
  return [...new Set([...lists, ...shared])].filter((id) => id !== '');
}

/** A file and one of the conversations that share it. */
export interface FileInChannel {
  readonly file: JsonObject;
  readonly channel: string;
}

/** Returns each file once for each of its conversations. A file passes the gate if one of its conversations does. */
export function byChannel(files: readonly JsonObject[]): FileInChannel[] {
  return files.flatMap((file) => channelsOf(file).map((channel) => ({ file, channel })));
}
