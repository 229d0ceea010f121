import { compact, type JsonObject } from '../../json.ts';
import { SlackApiError } from '../../slack-api-error.ts';
import type { Message } from '../../workspace/model.ts';
import type { Call } from '../call.ts';
import { checkBlocks } from '../check-blocks.ts';

/** Reads the content of a message. @throws SlackApiError `no_text`, `invalid_blocks`, or `markdown_text_conflict` */
export function messageContent(call: Call): { text: string } & Partial<Message> {
  const blocks = call.jsonList('blocks', 'invalid_blocks_format');
  const attachments = call.jsonList('attachments', 'invalid_attachments');
  const markdown = call.text('markdown_text');
  if (markdown !== undefined && (call.text('text') !== undefined || blocks))
    throw new SlackApiError('markdown_text_conflict');
  const text = call.text('text') ?? markdown ?? '';
  if (text === '' && !blocks?.length && !attachments?.length) throw new SlackApiError('no_text');
  if (blocks) checkBlocks(blocks);
  const metadata = call.jsonObject('metadata', 'invalid_metadata_format');
  return compact({ text, blocks, attachments, metadata }) as JsonObject as { text: string } & Partial<Message>;
}

/** Reads the `ts` of the thread to reply to. @throws SlackApiError `invalid_thread_ts` */
export function threadTs(call: Call): string | undefined {
  const value = call.text('thread_ts');
  if (value === undefined || /^\d+\.\d{6}$/.test(value)) return value;
  const messages = [`[ERROR] ${value} is not a valid thread_ts`];
  throw new SlackApiError('invalid_thread_ts', { response_metadata: { messages } });
}

/** Reads the flags for link previews. */
export function unfurl(call: Call): Partial<Message> {
  return compact({
    unfurl_links: call.flag('unfurl_links'),
    unfurl_media: call.flag('unfurl_media'),
  }) as Partial<Message>;
}
