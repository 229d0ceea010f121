import { expect, test } from 'vitest';
import { handlerMethods } from '../src/handlers.ts';
import type { EventOf, HandlerContext, SlackHandlers } from '../src/index.ts';
import { Router } from '../src/router.ts';
import { contextOf, envelope } from './support/message.ts';

class Base implements SlackHandlers {
  readonly seen: string[] = [];
  onAny(context: HandlerContext): void {
    this.seen.push(`any ${context.event?.type}`);
  }
  onAppMention(event: EventOf<'app_mention'>): void {
    this.seen.push(`base ${event.text}`);
  }
}

class Bot extends Base {
  override onAppMention(event: EventOf<'app_mention'>): void {
    super.onAppMention(event);
    this.seen.push('bot');
  }
  async onMessageChannels(event: EventOf<'message.channels'>): Promise<void> {
    this.seen.push(event.channel);
  }
  onReactionAdded = (event: EventOf<'reaction_added'>): void => {
    this.seen.push(event.reaction);
  };
  onUnknown(): void {
    this.seen.push('unknown');
  }
  online(): void {
    this.seen.push('never');
  }
}

test('calls methods by name, bound to their object, including inherited and overridden ones', async () => {
  const bot = new Bot();
  const router = new Router().use(bot);
  await router.dispatch(contextOf(envelope({ type: 'app_mention', text: 'hi' })));
  await router.dispatch(contextOf(envelope({ type: 'message', channel: 'C1', channel_type: 'channel' })));
  await router.dispatch(contextOf(envelope({ type: 'reaction_added', reaction: 'eyes' })));
  await router.dispatch(contextOf(envelope({ type: 'line' })));
  expect(bot.seen).toEqual([
    'any app_mention',
    'base hi',
    'bot',
    'any message',
    'C1',
    'any reaction_added',
    'eyes',
    'any line',
    'unknown',
  ]);
});

test('converts method names to event names', () => {
  const names = [
    'onMessageIm',
    'onMessageAppHome',
    'onMessageMetadataPosted',
    'onDndUpdatedUser',
    'onTeamJoin',
    'onAny',
  ];
  const handlers = Object.fromEntries(names.map((name) => [name, () => {}]));
  expect(handlerMethods(handlers).map(({ name }) => name)).toEqual([
    'message.im',
    'message.app_home',
    'message_metadata_posted',
    'dnd_updated_user',
    'team_join',
    'any',
  ]);
});

test('rejects an object without handlers', () => {
  expect(() => new Router().use({ on: () => {}, helper: () => {} } as SlackHandlers)).toThrow(/onAppMention/);
});
