import { SlackNetworkError } from '@slack-mcp/slack';

/**
 * Runs steps of a call that have no visible effect in Slack. If Slack does not answer a step, the error states that the
 * call had no effect, so that the call can be repeated with its idempotency key.
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
