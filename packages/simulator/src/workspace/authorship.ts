import { randomUUID } from 'node:crypto';
import type { Bot, Message, Team } from './model.ts';

/**
 * Returns the fields that identify the author of a message. A person's message has a client message id; a message of
 * the app has the app's bot profile.
 */
export function authorship(author: string, team: Team, bot: Bot): Partial<Message> {
  if (author !== bot.userId) return { user: author, client_msg_id: randomUUID(), team: team.id };
  const { botId: id, appId: app_id, name } = bot;
  return {
    user: author,
    bot_id: id,
    app_id,
    team: team.id,
    bot_profile: { id, app_id, user_id: author, name, icons: {}, deleted: false, updated: 0, team_id: team.id },
  };
}
