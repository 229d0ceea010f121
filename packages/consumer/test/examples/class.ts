import type { EventOf, HandlerContext, SlackHandlers } from '@slack-mcp/consumer';

export class Greeter implements SlackHandlers {
  readonly #greeting: string;

  constructor(greeting: string) {
    this.#greeting = greeting;
  }

  async onAppMention(event: EventOf<'app_mention'>, { say }: HandlerContext): Promise<void> {
    await say(`${this.#greeting} <@${event.user}>!`);
  }

  onMessageChannels(event: EventOf<'message.channels'>, { logger }: HandlerContext): void {
    logger.info({ channel: event.channel }, 'seen');
  }
}
