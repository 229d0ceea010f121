import type { Middleware } from './compose.ts';
import { OwnBot } from './own-bot.ts';

/** The messages to skip. */
export interface IgnoreMessagesOptions {
  /** The app's own messages. Default true. */
  readonly own?: boolean;
  /** Changes that leave the text unchanged: a reply, a link preview, a pin. Default true. */
  readonly touched?: boolean;
  /** Edits, including edited mentions, which arrive again with a new event id and the same `ts`. Default false. */
  readonly edited?: boolean;
  /** Messages of other bots. Default false. */
  readonly bots?: boolean;
}

/**
 * Acknowledges messages and mentions without calling any handler, including `any`. `on('message', …)` already skips the
 * app's own messages and touched messages; use this middleware for all other handlers, or to skip more kinds of
 * messages.
 */
export function ignoreMessages(options: IgnoreMessagesOptions = {}): Middleware {
  const { own = true, touched = true, edited = false, bots = false } = options;
  const ownBot = new OwnBot();
  return async (context, next) => {
    const { message, logger } = context;
    const isIgnored =
      message !== undefined &&
      ((touched && message.change === 'touched') ||
        (edited && message.change === 'edited') ||
        (bots && message.author === 'bot') ||
        (own && (await ownBot.wrote(context))));
    if (isIgnored) logger.debug({ author: message?.author, change: message?.change }, 'event_ignored');
    else await next();
  };
}
