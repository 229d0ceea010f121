import type { JsonObject } from '@slack-mcp/core';
import { SlackNetworkError } from '@slack-mcp/slack';
import type { ChannelId } from '../../gates/channel-id.ts';
import { neutraliseBroadcasts, neutraliseBroadcastsIn } from '../../gates/neutralise-broadcasts.ts';
import { blocksText } from '../../messages/block-text.ts';
import { isObject, objectsOf, stringOf } from '../../messages/json-fields.ts';
import { forMarkdownBlock, isMarkdown, toSlackMarkup } from '../../messages/markdown.ts';
import { unmentionedNames } from '../../messages/unmentioned-names.ts';
import type { ToolContext } from '../../tool-context.ts';

/** A text, and the channel and thread to post it to. */
export interface TextToPost {
  channel: ChannelId;
  text: string;
  thread_ts?: string;
  /** Whether the text is Markdown. Default: `false`. */
  markdown?: boolean;
  /** Blocks that Slack shows instead of the text. */
  blocks?: readonly JsonObject[] | undefined;
}

/** The message that was posted for a text. */
export interface PostedText {
  [key: string]: string;
  channel: string;
  ts: string;
  /** The `ts` of the thread's first message; empty if the message was posted to the channel itself. */
  thread_ts: string;
}

const NOTICE =
  'The text mentions a whole channel. The mention notifies no one, because SLACK_MCP_ALLOW_BROADCAST is not set.';

/** Returns the text that is sent to Slack. Mentions such as `@channel` notify people only if the operator allows it. */
export function sentText(text: string, { posting }: Pick<ToolContext, 'posting'>): string {
  return posting.allowBroadcast ? text : neutraliseBroadcasts(text);
}

/** The content of a message as arguments for Slack. */
export interface SentContent {
  readonly text: string;
  readonly blocks?: readonly JsonObject[];
}

/**
 * Returns the content that is sent to Slack. Markdown is sent as a `markdown` block, which Slack renders, with the text
 * for notifications. If there are blocks, Slack shows them, and the text is only for notifications.
 *
 * Sources: https://docs.slack.dev/reference/block-kit/blocks/markdown-block for the block,
 * korotovsky/slack-mcp-server#330 for how Slack renders its tables, and PostHog/posthog#95054 for its mentions.
 */
export function sentContent(
  text: string,
  context: Pick<ToolContext, 'posting'>,
  { markdown = isMarkdown(text), blocks }: { markdown?: boolean; blocks?: readonly JsonObject[] | undefined } = {},
): SentContent {
  const { allowBroadcast } = context.posting;
  if (blocks !== undefined) {
    const shown = allowBroadcast ? blocks : objectsOf(neutraliseBroadcastsIn([...blocks]));
    return { text: sentText(markdown ? toSlackMarkup(text) : text, context), blocks: shown };
  }
  if (!markdown) return { text: sentText(text, context) };
  const safe = (part: string): string => (allowBroadcast ? part : neutraliseBroadcasts(part, { markdown }));
  const block = { type: 'markdown', text: safe(forMarkdownBlock(text)) };
  return { text: safe(toSlackMarkup(text)), blocks: [block] };
}

/**
 * Posts a text, at most once per idempotency key. Links are not unfurled, because a preview would make Slack fetch a
 * URL that may come from content written by others. Every tool that posts uses this function.
 */
export async function postText(
  message: TextToPost,
  context: ToolContext,
  key: string | undefined,
): Promise<PostedText> {
  const { slack, posting, signal } = context;
  const { markdown = false, blocks, ...place } = message;
  const content = sentContent(message.text, context, { markdown, blocks });
  const run = async (): Promise<PostedText> => {
    const args = { ...place, ...content, unfurl_links: false, unfurl_media: false };
    const answer = await slack.call('chat.postMessage', args, { signal });
    const ts = stringOf(answer['ts']);
    // A message without a ts cannot be replied or reacted to, and it is unknown whether it was posted.
    if (ts === '') throw new SlackNetworkError('chat.postMessage', 'invalid_answer');
    const posted = answer['message'];
    // If the thread is gone, Slack posts the reply to the channel, and only this field shows it.
    const thread = isObject(posted) ? stringOf(posted['thread_ts']) : (message.thread_ts ?? '');
    return { channel: stringOf(answer['channel']) || message.channel, ts, thread_ts: thread };
  };
  if (key === undefined) return run();
  return posting.idempotency.once({ key, caller: posting.caller, content: contentOf(message), signal, run });
}

/** Returns the content that an idempotency key is bound to. Without blocks, it is the same as in earlier versions. */
function contentOf({ blocks, ...message }: TextToPost): JsonObject {
  return { ...message, ...(blocks && { blocks: [...blocks] }) };
}

/**
 * Returns a notice about names in the texts and blocks that look like mentions but do not notify anyone. Returns an empty object
 * if there are no such names.
 */
export function postNotice(
  given: readonly string[],
  { posting, users }: ToolContext,
  blocks: readonly JsonObject[] = [],
): { notice?: string } {
  const texts = [...given, blocksText([...blocks])];
  const changed = !posting.allowBroadcast && texts.some((text) => neutraliseBroadcasts(text) !== text);
  const unmentioned = [...new Set(texts.flatMap(unmentionedNames))].slice(0, MOST_NAMED);
  const mentions = unmentioned.map((name) => `@${name} as ${mentionOf(users.knownId(name))}`).join(', ');
  const notices = [
    ...(changed ? [NOTICE] : []),
    ...(mentions === '' ? [] : [`Plain names mention no one. To notify a person, write ${mentions}.`]),
  ];
  return notices.length === 0 ? {} : { notice: notices.join(' ') };
}

const MOST_NAMED = 5;

function mentionOf(id: string | undefined): string {
  return id === undefined ? '<@ID> with the id of the user' : `<@${id}>`;
}
