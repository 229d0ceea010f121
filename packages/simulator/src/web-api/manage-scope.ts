import type { Channel } from '../workspace/model.ts';
import type { Call } from './call.ts';
import { conversationScope } from './method.ts';

/**
 * Requires the scope for a change of a conversation: a bot needs `channels:manage` for a public channel, and all other
 * changes need the write scope of the type of conversation.
 *
 * @param part - a narrower scope that also suffices, such as `topic` or `invites`
 * @throws SlackApiError `missing_scope`
 */
export function requireManageScope(call: Call, { type }: Pick<Channel, 'type'>, part?: 'topic' | 'invites'): void {
  const write = conversationScope(type, 'write');
  if (part !== undefined && call.scopes.has(`${write}.${part}`)) return;
  call.requireScope(call.actor.kind === 'bot' && type === 'channel' ? 'channels:manage' : write);
}
