import { SlackApiError, type SlackPort } from '@slack-mcp/slack';
import { isObject, stringOf } from '../messages/json-fields.ts';
import { NameError } from './name-errors.ts';

/**
 * Returns the id of the active user with an email address, as Slack knows it now.
 *
 * @throws NameError - no user has the address
 * @throws SlackError
 */
export async function userByEmail(slack: SlackPort, email: string, signal: AbortSignal | undefined): Promise<string> {
  try {
    const { user } = await slack.call('users.lookupByEmail', { email }, { signal });
    const id = isObject(user) ? stringOf(user['id']) : '';
    if (id !== '') return id;
  } catch (error) {
    if (!(error instanceof SlackApiError) || error.slackError !== 'users_not_found') throw error;
  }
  throw new NameError(
    'user',
    `No user with the address ${email} is visible to the bot.`,
    'Find the user with slack_find.',
    [],
  );
}
