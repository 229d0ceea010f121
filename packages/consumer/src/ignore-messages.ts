import type { Middleware } from './compose.ts';
import { OwnBot } from './own-bot.ts';

/** Which messages to pass over. */
export interface IgnoreMessagesOptions {
  /** Those that the app wrote itself. Default true. */
  readonly own?: boolean;
  /** Changes in which nothing was written: a reply, the preview of a link, a pin. Default true. */
  readonly touched?: boolean;
  /** Edits, also of mentions: an edited mention comes again, with a new event id and the same `ts`. Default false. */
  readonly edited?: boolean;
  /** Those of other bots. Default false. */
  readonly bots?: boolean;
}

/**
 * Passes over messages and mentions before any handler, `any` included: they are acked. `on('message', …)` passes over
 * the app's own messages and mere changes by itself; this is for the other ways to handle, and for what more you choose.
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
