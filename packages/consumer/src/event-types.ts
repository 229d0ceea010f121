import type { MessageEvent, SlackEvent } from '@slack/types';

/**
 * Events that `@slack/types` does not define. Add your own events with a declaration such as `declare module
 * '@slack-mcp/consumer' { interface CustomEvents { my_event: { type: 'my_event'; … } } }`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: applications merge their declarations with it.
export interface CustomEvents {}

type MessageIn<T extends MessageEvent['channel_type']> = MessageEvent & { channel_type: T };

/** Slack's subscription names for messages, each for one type of conversation. */
export interface MessageAliases {
  'message.channels': MessageIn<'channel'>;
  'message.groups': MessageIn<'group'>;
  'message.im': MessageIn<'im'>;
  'message.mpim': MessageIn<'mpim'>;
  'message.app_home': MessageIn<'app_home'>;
}

type KnownEvents = { [T in SlackEvent['type']]: Extract<SlackEvent, { type: T }> };

/** All events, by the names that `on` accepts. */
export interface EventMap extends KnownEvents, MessageAliases, CustomEvents {}

/** A name that `on` accepts: the type of an event, or a subscription name such as `message.channels`. */
export type EventName = keyof EventMap & string;

/** The event behind a name, for example `EventOf<'app_mention'>`. */
export type EventOf<N extends EventName> = EventMap[N];

/** The event name `message` or one of its aliases, such as `message.channels`. */
export type MessageName = 'message' | keyof MessageAliases;

/**
 * The subtype of a message. Ordinary messages of people have no subtype, and neither do messages that a bot posts with
 * its own token.
 */
export type MessageSubtype = MessageEvent['subtype'];

/** A message with one subtype. */
export type MessageOf<N extends MessageName, S extends MessageSubtype> = Extract<EventOf<N>, { subtype: S }>;
