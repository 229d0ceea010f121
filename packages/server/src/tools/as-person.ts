import { SlackApiError, SlackError, type TokenKind } from '@slack-mcp/slack';

/** Slack's errors for content that the bot cannot see. The owner of a user token may be able to see it. */
const UNSEEN: ReadonlySet<string> = new Set(['channel_not_found', 'not_in_channel', 'file_not_found']);

/**
 * Calls Slack with the default token. If the bot cannot see the content, calls again with the user token. If the second
 * call fails too, for example because there is no user token, throws the error of the first call.
 *
 * @param call - makes the call with a kind of token; `undefined` selects the default token
 * @throws SlackError
 */
export async function orAsPerson<Answer>(call: (as: TokenKind | undefined) => Promise<Answer>): Promise<Answer> {
  try {
    return await call(undefined);
  } catch (error) {
    if (!(error instanceof SlackApiError) || !UNSEEN.has(error.slackError) || error.actedAs === 'user') throw error;
    try {
      return await call('user');
    } catch (failure) {
      throw failure instanceof SlackError ? error : failure;
    }
  }
}
