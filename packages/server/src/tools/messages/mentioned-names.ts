import type { ToolContext } from '../tool-context.ts';
import { mentionedIds } from './mentioned-ids.ts';
import type { ReadableNames } from './readable-text.ts';

/**
 * Returns the readable names of people, and of the people, channels and user groups that a value mentions. Omits names
 * that cannot be found within a short time, and channels that may not be used. Never rejects.
 *
 * @param people - the IDs of users, for example of the authors of messages
 * @param value - messages from an answer of Slack
 */
export async function mentionedNames(
  people: readonly string[],
  value: unknown,
  { users, channels, userGroups, signal }: Pick<ToolContext, 'users' | 'channels' | 'userGroups' | 'signal'>,
): Promise<ReadableNames> {
  const mentioned = mentionedIds(value);
  const [ofUsers, ofChannels, ofGroups] = await Promise.all([
    users.namesOf([...people, ...mentioned.users], signal),
    channels.namesOf(mentioned.channels, { signal }),
    userGroups.namesOf(mentioned.userGroups),
  ]);
  return new Map([...ofUsers, ...ofChannels, ...ofGroups]);
}
