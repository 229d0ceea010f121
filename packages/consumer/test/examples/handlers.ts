import {
  type Consumer,
  deduplicate,
  ignoreMessages,
  isFromPerson,
  logging,
  type Middleware,
  NonRetryableError,
  tracing,
} from '@slack-mcp/consumer';

export function addHandlers(consumer: Consumer): void {
  // The type of `event` is that of the event in @slack/types.
  consumer.on('reaction_added', async (event, { slack }) => {
    if (event.reaction === 'eyes')
      await slack.call('conversations.mark', { channel: event.item.channel, ts: event.item.ts });
  });

  // Subscription names are aliases: messages in public channels, in direct messages, … The app's own messages, and
  // replies and previews that only touch a message, are skipped, so that no answer answers itself.
  consumer.on('message.im', async (_event, { message, say }) => {
    if (message?.change === 'posted') await say('You wrote this');
  });

  // One subtype; `undefined` matches messages without one. Files, /me and broadcasts from people have one.
  consumer.on('message', { subtype: 'file_share' }, (event, { logger }) => {
    logger.info({ files: event.files?.length }, 'files_shared');
  });
  consumer.on('message.channels', (event, context) => {
    if (isFromPerson(context)) context.logger.info({ ts: event.ts }, 'person_wrote');
  });

  // Commands by name and interactions by id, or either by a pattern.
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

  // Everything, and what no handler but `any` matches.
  consumer.any(({ event, retryCount, logger }) => logger.debug({ type: event?.type, retryCount }, 'received'));
  consumer.unknown(({ logger }) => logger.debug('not_handled'));
}

/** Around every handler: `createConsumer({ middleware })`, the first one outermost. */
export const middleware: Middleware[] = [
  tracing(),
  logging({ level: 'info' }),
  deduplicate(),
  // Bots that answer bots never stop.
  ignoreMessages({ bots: true }),
];
