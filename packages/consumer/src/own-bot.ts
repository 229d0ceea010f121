import type { HandlerContext } from './handler-context.ts';

/**
 * Whether a message is the app's own where it names its bot alone, as some do: `auth.test` then says which bot the app
 * has in the workspace, once for each workspace.
 */
export class OwnBot {
  readonly #botIds = new Map<string, Promise<string | undefined>>();

  /** Never rejects: while Slack does not answer, a message counts as another bot's. */
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
