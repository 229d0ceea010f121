import { SlackApiError } from '../slack-api-error.ts';
import type { Message } from './model.ts';

/** Adds a user's reaction to a message. @throws SlackApiError `already_reacted` */
export function addReaction(message: Message, user: string, name: string): void {
  message.reactions ??= [];
  let reaction = message.reactions.find((candidate) => candidate.name === name);
  if (reaction?.users.includes(user)) throw new SlackApiError('already_reacted');
  if (!reaction) {
    reaction = { name, users: [], count: 0 };
    message.reactions.push(reaction);
  }
  reaction.users.push(user);
  reaction.count = reaction.users.length;
}

/** Removes a user's reaction from a message. @throws SlackApiError `no_reaction` */
export function removeReaction(message: Message, user: string, name: string): void {
  const reaction = message.reactions?.find((candidate) => candidate.name === name && candidate.users.includes(user));
  if (!reaction) throw new SlackApiError('no_reaction');
  reaction.users.splice(reaction.users.indexOf(user), 1);
  reaction.count = reaction.users.length;
  message.reactions = message.reactions?.filter((candidate) => candidate.count > 0) ?? [];
  if (message.reactions.length === 0) delete message.reactions;
}
