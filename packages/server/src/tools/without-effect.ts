import { SlackNetworkError } from '@slack-mcp/slack';

/**
 * Takes steps that change nothing that people see. If a step ends without an answer from Slack, the call certainly had no
 * effect, so that it may be repeated with its idempotency key.
 *
 * @throws the error of a step
 */
export async function withoutEffect<T>(steps: () => Promise<T>): Promise<T> {
  try {
    return await steps();
  } catch (error) {
    if (!(error instanceof SlackNetworkError) || !error.outcomeUnknown) throw error;
    throw new SlackNetworkError(error.method, 'unreachable', { cause: error });
  }
}
