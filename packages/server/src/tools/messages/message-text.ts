import type { JsonObject } from '@slack-mcp/core';
import { attachmentText } from './attachment-text.ts';
import { blocksText } from './block-text.ts';
import { objectsOf, stringOf } from './json-fields.ts';
import { decodeEntities, NO_NAMES, nameMentions, type ReadableNames, removeInvisible } from './readable-text.ts';
import { unrepeated } from './unrepeated.ts';

/**
 * Returns the text that a reader of Slack sees, from the blocks and attachments of a message and from its text, unless
 * the blocks repeat the text. Bots often leave the text empty, or use it for a notification summary.
 *
 * @param names - the readable names to add to mentions of users
 */
export function messageText(message: JsonObject, names: ReadableNames = NO_NAMES): string {
  const text = decodeEntities(stringOf(message['text'])).trim();
  const blocks = blocksText(message['blocks']);
  // If text and blocks say the same, keep the text: it has the formatting.
  const body = unrepeated(blocks, text) === '' ? [text] : [unrepeated(text, blocks), blocks];
  const attachments = objectsOf(message['attachments']).map((attachment) => {
    const shown = attachmentText(attachment);
    return unrepeated(shown, body.join('\n')) === '' ? '' : shown;
  });
  const whole = [...body, ...attachments].filter(Boolean).join('\n').trim();
  return removeInvisible(nameMentions(whole, names));
}
