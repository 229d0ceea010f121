import { Deadline } from './deadline.ts';
import type { Exchanged } from './egress/exchange.ts';
import type { SlackEgress } from './egress/slack-egress.ts';
import { isFileUrl } from './egress/slack-hosts.ts';
import { SlackNetworkError } from './slack-error.ts';

/** The name of the download in errors. Errors do not name the method that returned the URL, because it succeeded. */
const STEP = 'files.download';

/** The content of a file. */
export interface DownloadedFile {
  readonly bytes: Uint8Array;
  /** The media type in lower case and without parameters, such as `image/png`; empty if Slack states none. */
  readonly contentType: string;
}

/** Options of a download. */
export interface DownloadOptions {
  /** Maximum size in bytes. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** Maximum time for the whole download in milliseconds. Default 60000. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Downloads a file from its `url_private`, or from the URL of one of its thumbnails. The token is sent only to the
 * hosts of Slack's files, and redirects are not followed. If the token may not see the file, Slack answers with the
 * HTML page for signing in and status 200, so check `contentType`.
 *
 * @throws SlackNetworkError - the URL is not the URL of a file in Slack, the file is too large, or there is no usable
 *   answer
 * @throws the signal's reason if the signal is aborted
 */
export async function downloadFile(
  egress: SlackEgress,
  url: string,
  token: string,
  { maxBytes, signal, timeoutMs = 60_000 }: DownloadOptions,
): Promise<DownloadedFile> {
  if (!isFileUrl(url, egress.apiUrl)) throw new SlackNetworkError(STEP, 'invalid_answer');
  using deadline = new Deadline(timeoutMs, signal);
  let answer: Exchanged;
  try {
    const headers = { authorization: `Bearer ${token}`, 'user-agent': 'slack-mcp' };
    answer = await egress.get({ url, headers, maxBytes, signal: deadline.signal });
  } catch (cause) {
    signal?.throwIfAborted();
    const isTooLarge = cause instanceof Error && cause.name === 'AnswerTooLargeError';
    const failure = isTooLarge ? 'answer_too_large' : deadline.isOver ? 'timeout' : 'connection_lost';
    throw new SlackNetworkError(STEP, failure, { timeoutMs, cause });
  }
  if (answer.status !== 200) throw new SlackNetworkError(STEP, 'http_error', { status: answer.status });
  const [contentType = ''] = String(answer.headers['content-type'] ?? '').split(';');
  return { bytes: answer.body, contentType: contentType.trim().toLowerCase() };
}
