import { SlackApiError, SlackError, type TokenKind } from '@slack-mcp/slack';

/** Slack's errors for content that the token does not see, although a person may see it. */
const UNSEEN: ReadonlySet<string> = new Set(['channel_not_found', 'not_in_channel', 'file_not_found']);

/**
 * Calls Slack with the usual token. If the bot does not see the content, calls again with the token of the person. If
 * that fails too, for example because there is no such token, throws the error of the first call.
 *
 * @param call - makes the call with a kind of token; `undefined` stands for the usual one
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
