import type {
  AppMentionEvent,
  BotMessageEvent,
  GenericMessageEvent,
  ReactionAddedEvent,
  SlackEvent,
} from '@slack/types';
import type { QueueBackend } from '@slack-mcp/core';
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

// Checked by the compiler alone: each `@ts-expect-error` fails `tsc` where there is no error.
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
    .command('/deploy', (command) => expectTypeOf(command.text).toEqualTypeOf<string>())
    .action(/^approve/, (action, { envelope }) => {
      expectTypeOf(action.value).toEqualTypeOf<string | undefined>();
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
  // @ts-expect-error - a group is given, if only as undefined
  createConsumer({ backend });
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
  // @ts-expect-error - named like a handler, and there is no such event
  consumer.use(new Misspelled());
  // @ts-expect-error - the parameter is another event
  consumer.use(new WrongEvent());
}
