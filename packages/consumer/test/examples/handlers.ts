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
  // The type of `event` is the one that @slack/types has for the name.
  consumer.on('reaction_added', async (event, { slack }) => {
    if (event.reaction === 'eyes')
      await slack.call('conversations.mark', { channel: event.item.channel, ts: event.item.ts });
  });

  // Subscription names are aliases: messages in public channels, in direct messages, … What the app wrote itself is
  // passed over, and so are replies and previews that merely touch a message: no answer answers itself.
  consumer.on('message.im', async (_event, { message, say }) => {
    if (message?.change === 'posted') await say('You wrote this');
  });

  // One subtype; `undefined` is a message without one. Files, /me and broadcasts of people have one.
  consumer.on('message', { subtype: 'file_share' }, (event, { logger }) => {
    logger.info({ files: event.files?.length }, 'files_shared');
  });
  consumer.on('message.channels', (event, context) => {
    if (isFromPerson(context)) context.logger.info({ ts: event.ts }, 'person_wrote');
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
