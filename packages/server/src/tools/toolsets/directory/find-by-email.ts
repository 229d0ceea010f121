import { SlackApiError } from '@slack-mcp/slack';
import { emailIn } from '../../arguments/email-address.ts';
import type { FoundNames } from '../../directory/find-names.ts';
import { namedUser } from '../../directory/read-names.ts';
import { isObject } from '../../messages/json-fields.ts';
import type { ToolContext } from '../../tool-context.ts';

const NOTHING: FoundNames = { entries: [], more: false };

/**
 * Finds the active user with the email address in a query.
 *
 * @throws SlackError
 */
export async function findByEmail(
  query: string,
  { slack, signal }: Pick<ToolContext, 'slack' | 'signal'>,
): Promise<FoundNames> {
  const email = emailIn(query);
  if (email === undefined) return NOTHING;
  try {
    const { user } = await slack.call('users.lookupByEmail', { email }, { signal });
    const entry = isObject(user) ? namedUser(user) : undefined;
    return entry === undefined ? NOTHING : { entries: [{ entry, rank: 0 }], more: false };
  } catch (error) {
    if (error instanceof SlackApiError && error.slackError === 'users_not_found') return NOTHING;
    throw error;
  }
}
