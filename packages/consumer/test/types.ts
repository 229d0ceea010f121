import type {
  AppMentionEvent,
  BotMessageEvent,
  GenericMessageEvent,
  ReactionAddedEvent,
  SlackEvent,
} from '@slack/types';
import type { JsonObject, QueueBackend } from '@slack-mcp/core';
import { expectTypeOf } from 'vitest';
import {
  createConsumer,
  type EventOf,
  type HandlerContext,
  type InteractionContext,
  type SlackHandlers,
} from '../src/index.ts';

declare module '@slack-mcp/consumer' {
  interface CustomEvents {
    invoice_paid: { type: 'invoice_paid'; amount: number };
  }
}

// Checked only by the compiler: each `@ts-expect-error` fails `tsc` if there is no error.
export function handlersSeeTheTypeOfTheirEvent(backend: QueueBackend): void {
  const consumer = createConsumer({ backend, group: 'types' });

  consumer
    .on('app_mention', (event, context) => {
      expectTypeOf(event).toEqualTypeOf<AppMentionEvent>();
      expectTypeOf(context).toEqualTypeOf<HandlerContext>();
      // @ts-expect-error - a mention has no reaction
      event.reaction;
    })
    .on('reaction_added', async (event) => {
      expectTypeOf(event).toEqualTypeOf<ReactionAddedEvent>();
      // @ts-expect-error - a reaction has no text
      event.text;
    })
    .on('message', (event) => {
      if (event.subtype === 'bot_message') expectTypeOf(event).toEqualTypeOf<BotMessageEvent>();
      // @ts-expect-error - not every message has a text
      event.text;
    })
    .on('message', { subtype: 'bot_message' }, (event) => expectTypeOf(event).toEqualTypeOf<BotMessageEvent>())
    .on('message', { subtype: undefined }, (event) => expectTypeOf(event).toEqualTypeOf<GenericMessageEvent>())
    .on('message.channels', (event) => expectTypeOf(event.channel_type).toEqualTypeOf<'channel'>())
    .on('message.im', { subtype: 'file_share' }, (event) => {
      expectTypeOf(event.channel_type).toEqualTypeOf<'im'>();
      expectTypeOf(event.subtype).toEqualTypeOf<'file_share'>();
    })
    .on('invoice_paid', (event) => expectTypeOf(event.amount).toEqualTypeOf<number>())
    .any((context) => expectTypeOf(context.event).toEqualTypeOf<SlackEvent | undefined>())
    .command('/deploy', (command) => {
      expectTypeOf(command.text).toEqualTypeOf<string>();
      expectTypeOf(command.user_name).toEqualTypeOf<string>();
      // @ts-expect-error - no such field
      command.user_nmae;
    })
    .action(/^approve/, (action, { envelope }) => {
      expectTypeOf(action.value).toEqualTypeOf<string | null | undefined>();
      if (action.type === 'static_select') {
        expectTypeOf(action.selected_option?.value).toEqualTypeOf<string | undefined>();
        expectTypeOf(action.value).toEqualTypeOf<undefined>();
      }
      if (action.type === 'button') {
        expectTypeOf(action.value).toEqualTypeOf<string | undefined>();
        // @ts-expect-error - a button has no options
        action.selected_option?.value;
      }
      // @ts-expect-error - no such type
      if (action.type === 'statik_select') return;
      // @ts-expect-error - no such field
      action.selected_otpion;
      expectTypeOf(envelope.user.id).toEqualTypeOf<string>();
    })
    .view('feedback', ({ state }, context) => {
      expectTypeOf(state.values['mood']?.['pick']?.selected_option?.value).toEqualTypeOf<string | undefined>();
      expectTypeOf(context).toEqualTypeOf<InteractionContext>();
    })
    .view(/^feed/, { closed: true }, (view) => expectTypeOf(view.callback_id).toEqualTypeOf<string>())
    .shortcut('save', (shortcut) => {
      expectTypeOf(shortcut.type).toEqualTypeOf<'shortcut' | 'message_action'>();
      if (shortcut.type === 'message_action') expectTypeOf(shortcut.channel.id).toEqualTypeOf<string>();
    })
    .options('city', (request) => expectTypeOf(request.value).toEqualTypeOf<string>());

  // @ts-expect-error - no such event
  consumer.on('app_mentoin', () => {});
  // @ts-expect-error - no such subtype
  consumer.on('message', { subtype: 'bot_massage' }, () => {});
  // @ts-expect-error - only messages have subtypes
  consumer.on('app_mention', { subtype: 'bot_message' }, () => {});
  // @ts-expect-error - the group is required, even if it is undefined
  createConsumer({ backend });
}

export function callsOfSlackAreChecked(backend: QueueBackend): void {
  createConsumer({ backend, group: 'types' }).on('app_mention', async (event, { slack, say, respond }) => {
    const posted = await slack.call('chat.postMessage', { channel: event.channel, text: 'hi' });
    expectTypeOf(posted.ts).toEqualTypeOf<string | undefined>();
    const { user } = await slack.call('users.info', { user: event.user ?? '' });
    expectTypeOf(user?.is_bot).toEqualTypeOf<boolean | undefined>();
    await slack.call('auth.test');
    await slack.call('chat.postMessage', { channel: 'C1', text: 'hi' }, { as: 'user' });
    expectTypeOf(await slack.request('admin.apps.newMethod', { any: 1 })).toEqualTypeOf<JsonObject>();
    // @ts-expect-error - no such method
    await slack.call('chat.postMesage', { channel: 'C1', text: 'hi' });
    // @ts-expect-error - no such argument
    await slack.call('chat.postMessage', { channel: 'C1', text: 'hi', thred_ts: '1.1' });
    // @ts-expect-error - the channel is missing
    await slack.call('chat.postMessage', { text: 'hi' });
    // @ts-expect-error - arguments are required
    await slack.call('conversations.mark');
    // @ts-expect-error - the client adds the token
    await slack.call('auth.test', { token: 'xoxb-1' });
    // @ts-expect-error - no such kind of token
    await slack.call('auth.test', {}, { as: 'admin' });

    await say('hi');
    await say({ text: 'hi', thread_ts: undefined });
    await say({ blocks: [{ type: 'divider' }], channel: 'C2' });
    expectTypeOf((await say('hi')).ts).toEqualTypeOf<string | undefined>();
    // @ts-expect-error - no such field
    await say({ txt: 'hi' });
    // @ts-expect-error - no such field beside others
    await say({ text: 'hi', unfurl_link: true });
    // @ts-expect-error - nothing to say
    await say({ unfurl_links: true });

    await respond({ text: 'hi', response_type: 'in_channel' });
    // @ts-expect-error - no such field
    await respond({ txt: 'hi' });
    // @ts-expect-error - no such visibility
    await respond({ text: 'hi', response_type: 'public' });
  });
}

export function classesAreCheckedByTheirMethodNames(backend: QueueBackend): void {
  class Bot implements SlackHandlers {
    onAppMention(_event: EventOf<'app_mention'>): void {}
    async onMessageChannels(event: EventOf<'message.channels'>, context: HandlerContext): Promise<void> {
      expectTypeOf(event.channel_type).toEqualTypeOf<'channel'>();
      context.logger.info('seen');
    }
    helper(): number {
      return 1;
    }
  }
  class Misspelled {
    onAppMention(_event: EventOf<'app_mention'>): void {}
    onReactionAded(): void {}
  }
  class WrongEvent {
    onAppMention(_event: EventOf<'reaction_added'>): void {}
  }
  const consumer = createConsumer({
    backend,
    group: 'types',
    handlers: { onReactionAdded: (event) => expectTypeOf(event).toEqualTypeOf<ReactionAddedEvent>() },
  });
  consumer.use(new Bot());
  // @ts-expect-error - named like a handler of an unknown event
  consumer.use(new Misspelled());
  // @ts-expect-error - the parameter is another event
  consumer.use(new WrongEvent());
}
