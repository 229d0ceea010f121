import type { JsonObject, JsonValue } from '@slack-mcp/core';
import { blocksText, contentOf } from './block-text.ts';
import { fileName } from './file-name.ts';
import { isObject, objectsOf, stringOf } from './json-fields.ts';
import { decodeEntities } from './readable-text.ts';
import { linkText } from './rich-text.ts';
import { timeOf } from './time-text.ts';
import { unrepeated } from './unrepeated.ts';

/** Returns the readable text of an attachment, as Slack shows it, including its URLs. */
export function attachmentText(attachment: JsonObject): string {
  const field = (name: string): string => decodeEntities(textOf(attachment[name]));
  const author = [linkText(field('author_link'), field('author_name')), field('author_subname')];
  const fields = objectsOf(attachment['fields']).map((item) =>
    [textOf(item['title']), textOf(item['value'])].map(decodeEntities).filter(Boolean).join(': '),
  );
  const blocks = blocksText(attachment['blocks']) || quotedText(attachment);
  const texts = [
    field('pretext'),
    linkText(field('service_url'), field('service_name')),
    author.filter(Boolean).join(' '),
    linkText(field('title_link'), field('title')),
    unrepeated(field('text'), blocks),
    ...fields,
    blocks,
    objectsOf(attachment['actions'])
      .flatMap((action) => contentOf(action, IDENTIFIERS))
      .join(' '),
    ...objectsOf(attachment['files']).map((file) => linkText(stringOf(file['permalink']), fileName(file))),
    ...objectsOf(attachment['attachments']).map(attachmentText),
    fileText(attachment),
    footerText(attachment),
  ].filter(Boolean);
  // The fallback is for clients that can show nothing else.
  const parts = texts.length === 0 ? [field('fallback')] : texts;
  const said = parts.join('\n');
  const urls = ADDRESSES.map(field).filter((url, index, all) => !said.includes(url) && all.indexOf(url) === index);
  return [...parts, ...urls.map((url) => linkText(url, ''))].filter(Boolean).join('\n');
}

/** Fields that contain the URLs of an attachment's images and of its source. */
const ADDRESSES = ['image_url', 'thumb_url', 'video_url', 'from_url', 'original_url', 'app_unfurl_url'];

/** Returns the text of the blocks of a shared message. */
function quotedText({ message_blocks: shared }: JsonObject): string {
  return objectsOf(shared)
    .map(({ message }) => (isObject(message) ? blocksText(message['blocks']) : ''))
    .filter(Boolean)
    .join('\n');
}

/** Fields of a legacy button or menu that readers do not see. */
const IDENTIFIERS: ReadonlySet<string> = new Set(['name']);

/** Returns a text as a string. Some apps send a number instead of a string. */
function textOf(value: JsonValue | undefined): string {
  return typeof value === 'number' ? String(value) : stringOf(value);
}

function fileText({ filename, url }: JsonObject): string {
  return linkText(decodeEntities(stringOf(url)), decodeEntities(stringOf(filename)));
}

function footerText({ footer, ts }: JsonObject): string {
  const seconds = Number(ts);
  const time = ts !== undefined && ts !== '' && Number.isFinite(seconds) ? timeOf(seconds) : '';
  return [decodeEntities(stringOf(footer)), time].filter(Boolean).join(', ');
}
