import { Deadline } from './deadline.ts';
import type { SlackEgress } from './egress/slack-egress.ts';
import { isSlackUrl } from './egress/slack-hosts.ts';
import type { ResponseMessage } from './response-message.ts';
import { SlackResponseError } from './slack-error.ts';

/** Options of `postResponse`. */
export interface PostResponseOptions {
  readonly signal?: AbortSignal | undefined;
  /** Maximum time for the whole request in milliseconds. Default 10000. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Posts a message to the `response_url` of a command or an interaction. Slack accepts five messages per `response_url`
 * within 30 minutes.
 *
 * @throws SlackResponseError - the URL does not belong to Slack, or Slack did not accept the message
 * @throws the signal's reason if the signal is aborted
 */
export async function postResponse(
  egress: SlackEgress,
  url: string,
  message: ResponseMessage,
  { signal, timeoutMs = 10_000 }: PostResponseOptions = {},
): Promise<void> {
  if (!isSlackUrl(url, egress.apiUrl)) {
    throw new SlackResponseError(
      'the response_url is not an https URL of Slack: use the response_url from the payload (for example https://hooks.slack.com/…)',
    );
  }
  using deadline = new Deadline(timeoutMs, signal);
  let status: number;
  try {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    ({ status } = await egress.post({ url, headers, body: JSON.stringify(message), signal: deadline.signal }));
  } catch (cause) {
    signal?.throwIfAborted();
    const problem = deadline.isOver ? `Slack did not answer within ${timeoutMs} ms` : 'Slack could not be reached';
    throw new SlackResponseError(problem, { cause });
  }
  if (status < 200 || status > 299)
    throw new SlackResponseError(`Slack refused the message with HTTP status ${status}`, {
      status,
    });
}
