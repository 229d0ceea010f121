import { SlackApiError } from '../slack-api-error.ts';
import type { SlackBehavior } from '../slack-behavior.ts';

/** Maximum number of characters in one message, as reported in slackapi/java-slack-sdk#704 and slack-go/slack#972. */
const ONE_MESSAGE = 4_000;

/**
 * Number of characters after which a text is truncated, as documented for `chat.postMessage` under "Truncating
 * content".
 */
const MAX_TEXT = 40_000;

/** Maximum number of characters in `chat.update`, as documented for the error `msg_too_long`. */
export const MAX_UPDATED_TEXT = 4_000;

/**
 * Splits a text into the messages that Slack would post. The text is split at the last space or line break within the
 * limit, otherwise at the limit; code fences are ignored.
 *
 * @throws SlackApiError `msg_too_long`
 */
export function fitText(text: string, longText: SlackBehavior['longText']): string[] {
  if (text.length <= ONE_MESSAGE) return [text];
  if (longText === 'refuse') throw new SlackApiError('msg_too_long');
  const kept = text.slice(0, MAX_TEXT);
  if (longText === 'keep') return [kept];
  const parts: string[] = [];
  for (let rest = kept; rest !== ''; ) {
    const end = rest.length <= ONE_MESSAGE ? rest.length : cutBefore(rest);
    parts.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return parts;
}

function cutBefore(text: string): number {
  const head = text.slice(0, ONE_MESSAGE + 1);
  const at = Math.max(head.lastIndexOf(' '), head.lastIndexOf('\n'));
  return at > 0 ? at : ONE_MESSAGE;
}
