import { randomUUID } from 'node:crypto';
import type { SlackEvent } from '@slack/types';
import { compact } from '../json.ts';
import { SlackApiError } from '../slack-api-error.ts';
import { authorship } from './authorship.ts';
import type { Clock } from './clock.ts';
import type { Crowd } from './crowd.ts';
import { MessageLog } from './message-log.ts';
import type { Bot, Channel, EphemeralMessage, Message, Team, User } from './model.ts';
import { richText } from './rich-text.ts';
import * as events from './workspace-events.ts';

/** What a new message holds, besides its conversation and author. */
export interface MessageContent {
  text: string;
  /** Any message of the thread to answer in. */
  threadTs?: string | undefined;
  /** Shows a reply in the channel too. */
  broadcast?: boolean | undefined;
  /** Given only where the past is restored; a new message gets the clock's. */
  ts?: string | undefined;
  /** Further fields of the message, such as `blocks` or `metadata`. */
  fields?: Partial<Message>;
}

/** Hears of each event the app would be told about. */
export type EventListener = (event: SlackEvent, channel: Channel | undefined) => void;

/**
 * Everything a Slack workspace knows: people, conversations, messages, reactions, emoji.
 * A change is made here, whoever asks for it, and causes the events Slack would send. Events about a conversation
 * are caused only where the bot is a member.
 */
export class Workspace {
  readonly team: Team;
  readonly bot: Bot;
  readonly clock: Clock;
  /** Members and channels beyond those that are {@link users} and {@link channels}. */
  readonly crowd: { readonly users: Crowd<User>; readonly channels: Crowd<Channel> };
  /** Custom emoji: name to image URL, or to `alias:other_name`. */
  readonly emoji: Map<string, string> = new Map();
  /** What `chat.postEphemeral` showed, oldest first. */
  readonly ephemeralMessages: EphemeralMessage[] = [];
  readonly #users = new Map<string, User>();
  readonly #channels = new Map<string, Channel>();
  readonly #logs = new Map<string, MessageLog>();
  #listener: EventListener | undefined;
  #lastId = 0;

  constructor(team: Team, bot: Bot, clock: Clock, crowd: Workspace['crowd']) {
    this.team = team;
    this.bot = bot;
    this.clock = clock;
    this.crowd = crowd;
  }

  /** Tells `listener` of each event from now on; there is one listener. */
  onEvent(listener: EventListener): void {
    this.#listener = listener;
  }

  get users(): readonly User[] {
    return [...this.#users.values()];
  }

  get channels(): readonly Channel[] {
    return [...this.#channels.values()];
  }

  /** A user by id or name (with or without `@`). */
  findUser(idOrName: string): User | undefined {
    const name = idOrName.replace(/^@/, '');
    const known = this.#users.get(idOrName) ?? this.users.find((user) => user.name === name);
    return known ?? this.crowd.users.find(name);
  }

  /** A conversation by id or name (with or without `#`). */
  findChannel(idOrName: string): Channel | undefined {
    const name = idOrName.replace(/^#/, '');
    const known =
      this.#channels.get(idOrName) ?? (name ? this.channels.find((channel) => channel.name === name) : undefined);
    return known ?? this.crowd.channels.find(name);
  }

  /** @throws SlackApiError `user_not_found` */
  user(idOrName: string): User {
    return this.findUser(idOrName) ?? refuse('user_not_found');
  }

  /** @throws SlackApiError `channel_not_found` */
  channel(idOrName: string): Channel {
    return this.findChannel(idOrName) ?? refuse('channel_not_found');
  }

  /** The messages of a conversation, oldest first, replies included. */
  messages(channel: string): readonly Message[] {
    return this.log(channel).all();
  }

  /** A thread, parent first; empty if there is no such message. */
  thread(channel: string, threadTs: string): readonly Message[] {
    const parent = this.log(channel).get(threadTs);
    return parent ? [parent, ...this.log(channel).replies(threadTs)] : [];
  }

  /** @throws SlackApiError `message_not_found` */
  message(channel: string, ts: string): Message {
    return this.log(channel).get(ts) ?? refuse('message_not_found');
  }

  /** The message store of a conversation. */
  log(channel: string): MessageLog {
    // Nothing is written where nobody has joined.
    return this.#logs.get(this.channel(channel).id) ?? new MessageLog();
  }

  addUser(user: User): User {
    this.#users.set(user.id, user);
    return user;
  }

  /** Adds a conversation; a public one causes `channel_created`. */
  addChannel(channel: Channel): Channel {
    this.#channels.set(channel.id, channel);
    this.#logs.set(channel.id, new MessageLog());
    if (channel.type === 'channel') this.#listener?.(events.channelCreated(this, channel), undefined);
    return channel;
  }

  /** Creates a channel by name; its creator is its first member. @throws SlackApiError `name_taken` */
  createChannel(name: string, creator: string, options: { isPrivate?: boolean | undefined } = {}): Channel {
    if (this.findChannel(name)) refuse('name_taken');
    const user = this.user(creator);
    const channel = this.addChannel({
      id: this.newId('C'),
      name,
      type: options.isPrivate ? 'group' : 'channel',
      creator: user.id,
      created: this.clock.seconds(),
      isGeneral: false,
      isExtShared: false,
      isArchived: false,
      topic: '',
      purpose: '',
      members: new Set(),
    });
    this.addMember(channel.id, user.id);
    return channel;
  }

  /** The direct or group direct conversation between these users, created when there is none yet. */
  openConversation(userIds: readonly string[]): Channel {
    const members = new Set(userIds.map((id) => this.user(id).id));
    const type = members.size > 2 ? 'mpim' : 'im';
    const found = this.channels.find(
      (channel) =>
        channel.type === type &&
        channel.members.size === members.size &&
        [...members].every((id) => channel.members.has(id)),
    );
    if (found) return found;
    return this.addChannel({
      id: this.newId(type === 'im' ? 'D' : 'C'),
      name: type === 'im' ? '' : `mpdm-${[...members].map((id) => this.user(id).name).join('--')}-1`,
      type,
      creator: [...members][0] as string,
      created: this.clock.seconds(),
      isGeneral: false,
      isExtShared: false,
      isArchived: false,
      topic: '',
      purpose: '',
      members,
    });
  }

  /** Makes a user a member, with the `channel_join` message Slack writes. Returns false if they were one already. */
  addMember(channelId: string, userId: string, inviter?: string): boolean {
    const channel = this.channel(channelId);
    const user = this.user(userId);
    if (channel.isArchived) refuse('is_archived');
    if (channel.members.has(user.id)) return false;
    channel.members.add(user.id);
    this.#emit(events.memberJoined(this, channel, user.id, inviter), channel);
    const fields = compact({ subtype: 'channel_join', inviter });
    this.postMessage(channel.id, user.id, { text: `<@${user.id}> has joined the channel`, fields });
    return true;
  }

  /** Writes a message; causes `message`, and `app_mention` when somebody else mentions the bot outside a direct message. */
  postMessage(channelId: string, authorId: string, content: MessageContent): Message {
    const channel = this.channel(channelId);
    if (channel.isArchived && content.ts === undefined) refuse('is_archived');
    const log = this.log(channel.id);
    const replyTo =
      content.threadTs === undefined ? undefined : (log.get(content.threadTs) ?? refuse('thread_not_found'));
    const parent = replyTo?.thread_ts === undefined ? replyTo : (log.get(replyTo.thread_ts) ?? replyTo);
    const ts = content.ts ?? this.clock.nextTs();
    const isJoin = content.fields?.subtype === 'channel_join';
    const message = compact({
      type: 'message' as const,
      subtype: parent && content.broadcast ? 'thread_broadcast' : undefined,
      ...(isJoin ? { user: authorId } : authorship(authorId, this.team, this.bot)),
      text: content.text,
      ts,
      thread_ts: parent?.ts,
      parent_user_id: parent?.user,
      blocks: isJoin || content.text === '' ? undefined : [richText(content.text, this.#blockId())],
      ...content.fields,
    }) as Message;
    log.add(message);
    this.#emit(events.messagePosted(this, channel, message), channel);
    const mentioned = message.text.includes(`<@${this.bot.userId}>`) && !isJoin;
    if (mentioned && authorId !== this.bot.userId && channel.type !== 'im') {
      this.#emit(events.mentioned(this, channel, message), channel);
    }
    return message;
  }

  /** Replaces what a message says; causes `message_changed`. */
  updateMessage(channelId: string, ts: string, editor: string, changes: Partial<Message>): Message {
    const channel = this.channel(channelId);
    const message = this.message(channel.id, ts);
    const previous = structuredClone(message);
    const blocks = changes.text === undefined ? undefined : [richText(changes.text, this.#blockId())];
    Object.assign(message, compact({ blocks, ...changes }), { edited: { user: editor, ts: this.clock.nextTs() } });
    this.#emit(events.messageChanged(this, channel, message, previous), channel);
    return message;
  }

  /** Removes a message. The parent of a thread leaves a tombstone, and that is a change, as in Slack. */
  deleteMessage(channelId: string, ts: string): void {
    const channel = this.channel(channelId);
    const log = this.log(channel.id);
    const message = this.message(channel.id, ts);
    if (log.replies(ts).length === 0) {
      log.remove(message);
      this.#emit(events.messageDeleted(this, channel, message), channel);
      return;
    }
    const previous = structuredClone(message);
    for (const key of ['blocks', 'attachments', 'reactions', 'bot_id', 'app_id', 'bot_profile'] as const)
      delete message[key];
    Object.assign(message, {
      subtype: 'tombstone',
      user: 'USLACKBOT',
      hidden: true,
      text: 'This message was deleted.',
    });
    this.#emit(events.messageChanged(this, channel, message, previous), channel);
  }

  /** @throws SlackApiError `already_reacted` */
  addReaction(channelId: string, ts: string, userId: string, name: string): void {
    const channel = this.channel(channelId);
    const message = this.message(channel.id, ts);
    message.reactions ??= [];
    let reaction = message.reactions.find((candidate) => candidate.name === name);
    if (reaction?.users.includes(userId)) refuse('already_reacted');
    if (!reaction) {
      reaction = { name, users: [], count: 0 };
      message.reactions.push(reaction);
    }
    reaction.users.push(userId);
    reaction.count = reaction.users.length;
    this.#emit(events.reaction(this, 'reaction_added', channel, message, userId, name), channel);
  }

  /** @throws SlackApiError `no_reaction` */
  removeReaction(channelId: string, ts: string, userId: string, name: string): void {
    const channel = this.channel(channelId);
    const message = this.message(channel.id, ts);
    const reaction =
      message.reactions?.find((candidate) => candidate.name === name && candidate.users.includes(userId)) ??
      refuse('no_reaction');
    reaction.users.splice(reaction.users.indexOf(userId), 1);
    reaction.count = reaction.users.length;
    message.reactions = message.reactions?.filter((candidate) => candidate.count > 0) ?? [];
    if (message.reactions.length === 0) delete message.reactions;
    this.#emit(events.reaction(this, 'reaction_removed', channel, message, userId, name), channel);
  }

  /** A new id, unique in the workspace and the same on every run. */
  newId(prefix: string): string {
    this.#lastId += 1;
    return `${prefix}${String(this.#lastId).padStart(9, '0')}`;
  }

  #emit(event: SlackEvent, channel: Channel): void {
    if (channel.members.has(this.bot.userId)) this.#listener?.(event, channel);
  }

  #blockId(): string {
    return randomUUID().slice(0, 5);
  }
}

function refuse(code: string): never {
  throw new SlackApiError(code);
}
