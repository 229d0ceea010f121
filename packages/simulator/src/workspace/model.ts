import type { Block, KnownBlock, MessageAttachment } from '@slack/types';
import type { JsonObject } from '../json.ts';

/** The workspace itself. */
export interface Team {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  readonly emailDomain: string;
}

/** The installed app and its bot user. */
export interface Bot {
  readonly appId: string;
  readonly botId: string;
  readonly userId: string;
  readonly name: string;
}

/** The status that a person shows beside the name. */
export interface UserStatus {
  readonly text: string;
  /** For example `:palm_tree:`. */
  readonly emoji: string;
  /** When the status ends, in seconds since the epoch; 0 for a status that does not end. */
  readonly expiration: number;
}

/** A member of the workspace. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly email: string | undefined;
  /** The job title in the profile. */
  readonly title: string;
  /** Whether the presence is `away`. */
  readonly isAway: boolean;
  readonly status?: UserStatus;
  readonly isBot: boolean;
  readonly isAdmin: boolean;
  readonly deleted: boolean;
}

/** A group of members that can be mentioned by its handle. */
export interface UserGroup {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly description: string;
  /** User ids. */
  readonly users: readonly string[];
  readonly isDisabled: boolean;
}

/** The types of conversation, named as in `channel_type` of events. */
export type ChannelType = 'channel' | 'group' | 'im' | 'mpim';

/** A conversation, which is a public or private channel, a direct message, or a group direct message. */
export interface Channel {
  readonly id: string;
  /** The name of the conversation; empty for a direct message. */
  name: string;
  readonly type: ChannelType;
  readonly creator: string;
  /** The time of creation, in seconds since the epoch. */
  readonly created: number;
  readonly isGeneral: boolean;
  readonly isExtShared: boolean;
  /** Whether lists and searches omit the conversation, because it contains the comments on a canvas. */
  readonly isHidden?: boolean;
  topic: string;
  purpose: string;
  isArchived: boolean;
  /** The ids of the members, in the order in which they joined. */
  readonly members: Set<string>;
}

/** The users who reacted to a message with one emoji. */
export interface Reaction {
  name: string;
  users: string[];
  count: number;
}

/** A message as Slack shows it, plus the two unfurl flags with which it was posted. */
export interface Message {
  type: 'message';
  subtype?: string;
  user?: string;
  bot_id?: string;
  app_id?: string;
  bot_profile?: JsonObject;
  username?: string;
  icons?: Record<string, string>;
  team?: string;
  client_msg_id?: string;
  text: string;
  ts: string;
  thread_ts?: string;
  parent_user_id?: string;
  blocks?: (KnownBlock | Block)[];
  attachments?: MessageAttachment[];
  metadata?: JsonObject;
  files?: JsonObject[];
  edited?: { user: string; ts: string };
  reactions?: Reaction[];
  hidden?: boolean;
  inviter?: string;
  /** The value that was passed to `chat.postMessage`, which the Web API does not return. */
  unfurl_links?: boolean;
  /** The value that was passed to `chat.postMessage`, which the Web API does not return. */
  unfurl_media?: boolean;
}

/** A message that `chat.postEphemeral` shows to only one user. Slack keeps no history of ephemeral messages. */
export interface EphemeralMessage {
  readonly channel: string;
  readonly user: string;
  readonly ts: string;
  readonly text: string;
  readonly thread_ts?: string;
  readonly blocks?: (KnownBlock | Block)[];
}
