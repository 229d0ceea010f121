import { Deadline } from './deadline.ts';
import type { SlackEgress } from './egress/slack-egress.ts';
import { isSlackUrl } from './egress/slack-hosts.ts';
import { SlackNetworkError } from './slack-error.ts';

/**
 * The name of the upload in errors. It is not `files.getUploadURLExternal`, because that call has succeeded before the
 * upload starts.
 */
const STEP = 'files.upload';

/** Options of an upload. */
export interface UploadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Maximum time for the whole upload in milliseconds. Default 60000. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Sends the bytes of a file to the `upload_url` of `files.getUploadURLExternal`. Sends no token, because the URL itself
 * permits the upload. Slack shows the file only after `files.completeUploadExternal`.
 *
 * @throws SlackNetworkError - the URL does not belong to Slack, or Slack did not accept the bytes
 * @throws the signal's reason if the signal is aborted
 */
export async function uploadFile(
  egress: SlackEgress,
  url: string,
  bytes: Uint8Array,
  { signal, timeoutMs = 60_000 }: UploadOptions = {},
): Promise<void> {
  if (!isSlackUrl(url, egress.apiUrl)) throw new SlackNetworkError(STEP, 'invalid_answer');
  using deadline = new Deadline(timeoutMs, signal);
  let status: number;
  try {
    const headers = { 'content-type': 'application/octet-stream', 'user-agent': 'slack-mcp' };
    ({ status } = await egress.post({ url, headers, body: bytes, signal: deadline.signal }));
  } catch (cause) {
    signal?.throwIfAborted();
    throw new SlackNetworkError(STEP, deadline.isOver ? 'timeout' : 'connection_lost', { timeoutMs, cause });
  }
  if (status !== 200) throw new SlackNetworkError(STEP, 'http_error', { status });
}
