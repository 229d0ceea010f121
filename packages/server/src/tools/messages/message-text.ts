import type { JsonObject } from '@slack-mcp/core';
import { attachmentText } from './attachment-text.ts';
import { blocksText } from './block-text.ts';
import { objectsOf, stringOf } from './json-fields.ts';
import { decodeEntities, NO_NAMES, nameMentions, removeInvisible, type UserNames } from './readable-text.ts';
import { unrepeated } from './unrepeated.ts';

/**
 * What a reader of Slack would read in a message: its text where its blocks do not repeat it, its blocks, and its
 * attachments. Bots often leave the text empty, or put the summary of a notification there.
 *
 * @param names - shown with mentions
 */
export function messageText(message: JsonObject, names: UserNames = NO_NAMES): string {
  const text = decodeEntities(stringOf(message['text'])).trim();
  const blocks = blocksText(message['blocks']);
  // Of what is said twice the text stays: it has the emphasis.
  const body = unrepeated(blocks, text) === '' ? [text] : [unrepeated(text, blocks), blocks];
  const attachments = objectsOf(message['attachments']).map((attachment) => {
    const shown = attachmentText(attachment);
    return unrepeated(shown, body.join('\n')) === '' ? '' : shown;
  });
  const whole = [...body, ...attachments].filter(Boolean).join('\n').trim();
  return removeInvisible(nameMentions(whole, names));
}
