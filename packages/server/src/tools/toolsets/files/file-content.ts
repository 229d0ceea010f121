import type { JsonObject } from '@slack-mcp/core';
import { SlackApiError, type TokenKind } from '@slack-mcp/slack';
import { stringOf } from '../../messages/json-fields.ts';
import type { ToolContext } from '../../tool-context.ts';
import { canvasText } from './canvas-text.ts';
import { typeOf } from './slack-file.ts';

/** Maximum size of a text file to download, in bytes. */
const MOST_TEXT = 10_000_000;

/** Maximum size of an image in an answer, in bytes. */
const MOST_IMAGE = 700_000;

/** Media types of images that clients show to their model. */
const IMAGES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** Media types of text that do not begin with `text/`. */
const TEXTS =
  /^application\/(?:json|xml|javascript|typescript|sql|toml|yaml|x-(?:sh|yaml|ndjson|httpd-php)|[\w.-]+\+(?:json|xml))$/;

/** Smaller versions of an image, from the largest to the smallest that is useful. */
const THUMBNAILS = ['thumb_1024', 'thumb_960', 'thumb_800', 'thumb_720', 'thumb_480', 'thumb_360'];

/** The content of a file, or why the answer does not contain it. */
export type FileContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'image'; readonly bytes: Uint8Array; readonly type: string; readonly isSmaller: boolean }
  | { readonly kind: 'none'; readonly reason: string };

/** The Slack client, the signal and the kind of token for a download. */
type Download = Pick<ToolContext, 'slack' | 'signal'> & { as: TokenKind | undefined };

/**
 * Reads the content of a file that passed the gate.
 *
 * @throws SlackError
 */
export async function readContent(file: JsonObject, download: Download): Promise<FileContent> {
  const [mode, type, size] = [stringOf(file['mode']), typeOf(file), Number(file['size'] ?? 0)];
  if (file['is_external'] === true || mode === 'external') return none('The file is not stored in Slack.');
  if (mode === 'tombstone') return none('The file was deleted.');
  if (mode === 'hidden_by_limit') return none("Slack hides the file because of the workspace's plan.");
  const isCanvas = mode === 'quip' || mode === 'canvas' || mode === 'docs' || type === 'application/vnd.slack-docs';
  if (isCanvas) {
    const { bytes } = await bytesOf(stringOf(file['url_private']), MOST_TEXT, download);
    return { kind: 'text', text: canvasText(textOf(bytes) ?? '') };
  }
  if (IMAGES.has(type)) return readImage(file, type, size, download);
  if (!type.startsWith('text/') && !TEXTS.test(type)) return none('The server shows only text and images.');
  if (size > MOST_TEXT) return none(`The file has ${size} bytes; the server reads at most ${MOST_TEXT}.`);
  const { bytes, contentType } = await bytesOf(stringOf(file['url_private']), MOST_TEXT, download);
  if (type !== 'text/html') refuseSignIn(contentType);
  const text = textOf(bytes);
  return text === undefined ? none('The file contains no readable text.') : { kind: 'text', text };
}

async function readImage(file: JsonObject, type: string, size: number, download: Download): Promise<FileContent> {
  const isSmall = size > 0 && size <= MOST_IMAGE;
  const urls = [...(isSmall ? ['url_private'] : []), ...THUMBNAILS].map((name) => stringOf(file[name]));
  const url = urls.find((candidate) => candidate !== '');
  if (url === undefined) return none(`The image has ${size} bytes; the server shows at most ${MOST_IMAGE}.`);
  const { bytes, contentType } = await bytesOf(url, MOST_TEXT, download);
  refuseSignIn(contentType);
  return { kind: 'image', bytes, type: IMAGES.has(contentType) ? contentType : type, isSmaller: !isSmall };
}

function bytesOf(url: string, maxBytes: number, { slack, signal, as }: Download) {
  return slack.download(url, { maxBytes, signal, as });
}

/** @throws SlackApiError - Slack answered with its sign-in page */
function refuseSignIn(contentType: string): void {
  if (contentType === 'text/html') throw new SlackApiError('files.download', 'access_denied');
}

/** Decodes text in UTF-8, or in UTF-16 with a byte order mark. Returns undefined for other bytes. */
function textOf(bytes: Uint8Array): string | undefined {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  const text = new TextDecoder(encoding).decode(bytes);
  return text.includes('\0') ? undefined : text;
}

function none(reason: string): FileContent {
  return { kind: 'none', reason };
}
