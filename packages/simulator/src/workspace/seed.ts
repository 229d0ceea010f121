import type { CrowdSize } from './crowd.ts';
import type { Bot, Message, Team } from './model.ts';

/** A member of the initial workspace. */
export interface UserSeed {
  id: string;
  name: string;
  realName?: string;
  email?: string;
  /** The job title in the profile. */
  title?: string;
  isAway?: boolean;
  isBot?: boolean;
  isAdmin?: boolean;
  deleted?: boolean;
}

/** A file of an initial message. */
export interface FileSeed {
  /** Default: a new id. */
  id?: string;
  /** The name, whose extension determines the media type. */
  name: string;
  /** Default: the name. */
  title?: string;
  /** The media type, for example `application/vnd.slack-docs` for a canvas. */
  mimetype?: string;
  /** The content; for a canvas, its HTML. */
  content: string | Uint8Array;
  /** Comments on parts of a canvas. */
  comments?: CommentSeed[];
}

/** A comment on a part of a canvas. */
export interface CommentSeed {
  /** The text of the canvas that the comment is about. */
  about: string;
  /** The user id of the author. */
  user: string;
  text: string;
  replies?: { user: string; text: string }[];
}

/** An initial message of the workspace. Without `ts`, the message is posted shortly after the previous message. */
export interface MessageSeed {
  /** The user id of the author; for a message of the bot, the bot's user id. */
  user: string;
  text: string;
  ts?: string;
  reactions?: Record<string, string[]>;
  files?: FileSeed[];
  replies?: Omit<MessageSeed, 'replies'>[];
  /** Other fields of the message, such as `files`, `attachments`, `blocks`, `edited`, or the author of a bot message. */
  fields?: Partial<Message>;
}

/** An initial conversation. */
export interface ChannelSeed {
  id: string;
  /** The name without `#`. A direct message has no name. */
  name?: string;
  /** Default `channel` (public). */
  type?: 'channel' | 'group' | 'im' | 'mpim';
  /** User ids. */
  members: string[];
  creator?: string;
  isGeneral?: boolean;
  isArchived?: boolean;
  isExtShared?: boolean;
  topic?: string;
  purpose?: string;
  messages?: MessageSeed[];
}

/** An initial user group. */
export interface UserGroupSeed {
  id: string;
  handle: string;
  name: string;
  description?: string;
  /** User ids. */
  users?: string[];
  isDisabled?: boolean;
}

/**
 * The initial content of a workspace. A given key replaces the whole default value of that key, but `team` and `bot`
 * are merged with their defaults.
 */
export interface WorkspaceSeed {
  team?: Partial<Team>;
  bot?: Partial<Bot>;
  users?: UserSeed[];
  channels?: ChannelSeed[];
  userGroups?: UserGroupSeed[];
  /** Custom emoji by name. The value of an emoji is an image URL, or `alias:` followed by the name of another emoji. */
  emoji?: Record<string, string>;
  /** Adds many generated users and channels. For a large company, use `{ users: 250_000, channels: 50_000 }`. */
  crowd?: CrowdSize;
}

/** A seed in which every key is present, as the workspace requires it. */
export interface CompleteSeed {
  team: Team;
  bot: Bot;
  users: UserSeed[];
  channels: ChannelSeed[];
  userGroups: UserGroupSeed[];
  emoji: Record<string, string>;
}

/** Returns the seed of the default workspace, whose ids and texts are the same on every start. */
export function defaultSeed(): CompleteSeed {
  const bot: Bot = { appId: 'A0SIMULATR', botId: 'B0SIMULATR', userId: 'U0SIMULBOT', name: 'simulator' };
  const [alice, bob, carol] = ['U0ALICE001', 'U0BOB00001', 'U0CAROL001'] as const;
  const everyone = [alice, bob, carol, bot.userId];
  return {
    team: { id: 'T0SIMULATR', name: 'Simulator', domain: 'simulator', emailDomain: 'example.com' },
    bot,
    users: [
      { id: alice, name: 'alice', realName: 'Alice Example', email: 'alice@example.com', isAdmin: true },
      { id: bob, name: 'bob', realName: 'Bob Example', email: 'bob@example.com' },
      { id: carol, name: 'carol', realName: 'Carol Example', email: 'carol@example.com' },
      { id: 'U0DELETED1', name: 'dave', realName: 'Dave Example', email: 'dave@example.com', deleted: true },
    ],
    channels: [
      {
        id: 'C0GENERAL1',
        name: 'general',
        isGeneral: true,
        members: everyone,
        purpose: 'Announcements and work-based matters',
        messages: [
          { user: alice, text: 'Welcome to the workspace.', reactions: { wave: [bob, carol] } },
          {
            user: bob,
            text: 'Where do the release notes live?',
            replies: [
              { user: alice, text: 'In the repository, next to the code.' },
              { user: bob, text: 'Found them, thank you.' },
            ],
          },
          { user: carol, text: 'The build is green again.', reactions: { tada: [alice] } },
        ],
      },
      {
        id: 'C0RANDOM01',
        name: 'random',
        members: everyone,
        purpose: 'Everything else',
        messages: [{ user: carol, text: 'Lunch at noon?' }],
      },
      {
        id: 'C0SUPPORT1',
        name: 'support',
        members: everyone,
        topic: 'One thread per question',
        messages: [{ user: bob, text: 'A customer asks how to rotate the signing secret.' }],
      },
      { id: 'C0OUTSIDE1', name: 'watercooler', members: [alice, bob, carol], purpose: 'The bot is not a member' },
      {
        id: 'C0PRIVATE1',
        name: 'leads',
        type: 'group',
        members: [alice, bob, bot.userId],
        messages: [{ user: alice, text: 'Planning starts on Monday.' }],
      },
      { id: 'C0ARCHIVE1', name: 'old-project', isArchived: true, members: everyone },
      { id: 'C0PARTNER1', name: 'ext-partner', isExtShared: true, members: [alice, bot.userId] },
      { id: 'D0ALICE001', type: 'im', members: [alice, bot.userId] },
      { id: 'D0BOB00001', type: 'im', members: [bob, bot.userId] },
    ],
    userGroups: [
      { id: 'S0ONCALL01', handle: 'oncall', name: 'On call', description: 'Handles incidents', users: [bob] },
    ],
    emoji: {
      partyparrot: 'https://emoji.slack-edge.com/T0SIMULATR/partyparrot/0000000000000001.gif',
      shipit: 'https://emoji.slack-edge.com/T0SIMULATR/shipit/0000000000000002.png',
      squirrel: 'alias:shipit',
    },
  };
}
