import type { HandlerContext } from './handler-context.ts';

/**
 * Recognizes the app's own messages among messages that contain only a bot id. Calls `auth.test` once for each
 * workspace to find out which bot belongs to the app.
 */
export class OwnBot {
  readonly #botIds = new Map<string, Promise<string | undefined>>();

  /**
   * Whether the app wrote the message. Never rejects. While Slack does not answer, a message that contains only a bot
   * id counts as a message of another bot.
   */
  async wrote({ message, slack, envelope, logger }: HandlerContext): Promise<boolean> {
    if (message?.author === 'us') return true;
    if (message?.unknownBotId === undefined) return false;
    const team = String(envelope.team_id);
    const botId = this.#botIds.get(team) ?? slack.call('auth.test').then(({ bot_id }) => bot_id);
    this.#botIds.set(team, botId);
    try {
      return (await botId) === message.unknownBotId;
    } catch {
      this.#botIds.delete(team);
      logger.warn({ botId: message.unknownBotId }, 'own_bot_unknown');
      return false;
    }
  }
}
