import type { JsonObject, JsonValue } from '@slack-mcp/core';
import { NotAllowedError } from '../../gates/not-allowed-error.ts';
import { isObject, stringOf } from '../../messages/json-fields.ts';
import { ONE_MESSAGE } from '../../messages/split-text.ts';
import type { ToolContext } from '../../tool-context.ts';
import { readableFile } from '../files/readable-file.ts';

/** Fields in blocks that take a channel id or a list of channel ids. */
const CHANNELS = /^(?:channel_id|initial_(?:channel|conversation)s?)$/;

/** Matches the mention of a channel in a text. */
const MENTION = /<#([CDG][A-Z0-9]{5,})(?:\|[^<>]*)?>/g;

/** Matches the ID of a file in its URL. */
const FILE_ID = /\/(?:T[A-Z0-9]+-)?(F[A-Z0-9]{5,})(?:[-/?]|$)/;

/** The error for a text that is too long for the notification of a message with blocks. */
export const TOO_LONG_BESIDE_BLOCKS: { path: string[]; message: string } = {
  path: ['text'],
  message: `with blocks, the text is for notifications and may have at most ${ONE_MESSAGE} characters`,
};

/** Whether a text is short enough. With blocks, the text must fit into one message. */
export function isShortBesideBlocks({ text, blocks }: { text: string; blocks?: unknown }): boolean {
  return blocks === undefined || text.length <= ONE_MESSAGE;
}

/**
 * Returns the blocks of a call. Refuses blocks that refer to a channel or a file that may not be read: by a mention, as
 * the initial choice of a menu, or as an image.
 *
 * @param given - blocks that match the limits of Slack; undefined if the call has none
 * @throws NotAllowedError - a channel or file may not be read
 * @throws SlackError - Slack does not return the channel or file data that the rules need
 */
export async function passedBlocks(
  given: readonly Readonly<Record<string, unknown>>[] | undefined,
  context: ToolContext,
): Promise<JsonObject[] | undefined> {
  if (given === undefined) return undefined;
  // Arguments come from JSON.
  const blocks = given as JsonObject[];
  const channels = context.channelsFor({ writes: false });
  const { signal } = context;
  const found = { channels: new Set<string>(), files: new Set<string>() };
  for (const block of blocks) collect(block, found);
  for (const id of found.channels) await channels.resolve(id, { signal });
  if (found.files.size > 0) await passFiles(found.files, { ...context, channels });
  return blocks;
}

async function passFiles(ids: ReadonlySet<string>, context: ToolContext): Promise<void> {
  try {
    context.channels.passAnywhere();
  } catch (error) {
    if (!(error instanceof NotAllowedError)) throw error;
    for (const id of ids) {
      // Without an id, it is unknown which channels share the file.
      if (id === '') throw error;
      await readableFile(id, context);
    }
  }
}

function collect(value: JsonValue | undefined, found: { channels: Set<string>; files: Set<string> }): void {
  if (typeof value === 'string') {
    for (const [, id = ''] of value.matchAll(MENTION)) found.channels.add(id);
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, found);
  } else if (isObject(value)) {
    for (const [name, part] of Object.entries(value)) {
      if (CHANNELS.test(name)) for (const id of [part].flat()) if (typeof id === 'string') found.channels.add(id);
      if (name === 'slack_file' && isObject(part)) found.files.add(fileIn(part));
      collect(part, found);
    }
  }
}

function fileIn({ id, url }: JsonObject): string {
  return stringOf(id) || (FILE_ID.exec(stringOf(url))?.[1] ?? '');
}
