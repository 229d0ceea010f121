import { type Consumer, deduplicate, logging, type Middleware, NonRetryableError, tracing } from '@slack-mcp/consumer';

export function addHandlers(consumer: Consumer): void {
  // The type of `event` is the one that @slack/types has for the name.
  consumer.on('reaction_added', async (event, { slack }) => {
    if (event.reaction === 'eyes')
      await slack.call('conversations.mark', { channel: event.item.channel, ts: event.item.ts });
  });

  // Subscription names are aliases: messages in public channels, in direct messages, …
  consumer.on('message.im', async (event, { say }) => {
    await say(`You wrote ${event.subtype ?? 'this yourself'}`);
  });

  // One subtype; `undefined` is what people write.
  consumer.on('message', { subtype: undefined }, (event, { logger }) => {
    logger.info({ user: event.user }, 'somebody_wrote');
  });

  // Commands by name, interactions by their id; or either by a pattern.
  consumer.command('/deploy', async (command, { respond }) => {
    if (command.text === '') throw new NonRetryableError('nothing to deploy');
    await respond(`Deploying ${command.text}`);
  });
  consumer.action(/^approve:/, (action, { envelope, logger }) => {
    logger.info({ action: action.action_id, user: envelope.user.id }, 'approved');
  });
  consumer.view('feedback', async ({ state }, { envelope, slack }) => {
    const text = state.values['mood']?.['text']?.value ?? 'nothing';
    await slack.call('chat.postMessage', { channel: envelope.user.id, text: `You wrote: ${text}` });
  });
  consumer.view('feedback', { closed: true }, (_view, { logger }) => logger.info('feedback_dropped'));
  consumer.shortcut('bookmark', async (shortcut, { slack }) => {
    if (shortcut.type !== 'message_action') return;
    await slack.call('reactions.add', {
      channel: shortcut.channel.id,
      timestamp: shortcut.message_ts,
      name: 'bookmark',
    });
  });
  consumer.options('city', ({ value }, { logger }) => logger.info({ length: value.length }, 'city_looked_for'));

  // Everything, and what no handler but `any` takes.
  consumer.any(({ event, retryCount, logger }) => logger.debug({ type: event?.type, retryCount }, 'came'));
  consumer.unknown(({ logger }) => logger.debug('nobody_cares'));
}

/** Around every handler: `createConsumer({ middleware })`, the first one outermost. */
export const middleware: Middleware[] = [
  tracing(),
  logging({ level: 'info' }),
  deduplicate(),
  async ({ event }, next) => {
    // Bots that answer bots never stop.
    if (event?.type === 'message' && 'bot_id' in event) return;
    await next();
  },
];
