import { randomUUID } from 'node:crypto';
import type { SlackEvent } from '@slack/types';
import { compact } from '../json.ts';
import { refuse } from '../slack-api-error.ts';
import type { SlackBehavior } from '../slack-behavior.ts';
import type { RegisteredCall } from './calls.ts';
import { canonicalEmoji } from './canonical-emoji.ts';
import { ChannelHeaders } from './channel-headers.ts';
import type { Clock } from './clock.ts';
import { composeMessage, mentions, threadParent, toTombstone } from './compose-message.ts';
import type { Crowd } from './crowd.ts';
import { linkPreview } from './link-preview.ts';
import type { MessageContent } from './message-content.ts';
import { MessageLog } from './message-log.ts';
import type { Bot, Channel, EphemeralMessage, Message, Team, User, UserGroup } from './model.ts';
import { newChannel } from './new-channel.ts';
import { PersonalItems } from './personal-items.ts';
import * as reactions from './reactions.ts';
import { renderMessage } from './render-message.ts';
import { richText } from './rich-text.ts';
import { ScheduledMessages } from './scheduled-messages.ts';
import { linksIn } from './typed-text.ts';
import { Uploads } from './uploads.ts';
import * as events from './workspace-events.ts';

/** Receives each event that Slack would send to the app. */
export type EventListener = (event: SlackEvent, channel: Channel | undefined) => void;

/**
 * The whole state of a Slack workspace. Each change causes the events that Slack would send; a change in a conversation
 * causes events only if the bot is a member of the conversation.
 */
export class Workspace {
  readonly team: Team;
  readonly bot: Bot;
  readonly clock: Clock;
  readonly behavior: SlackBehavior;
  /** Generated members and channels, in addition to {@link users} and {@link channels}. */
  readonly crowd: { readonly users: Crowd<User>; readonly channels: Crowd<Channel> };
  /** Custom emoji by name. The value of an emoji is an image URL, or `alias:` followed by the name of another. */
  readonly emoji: Map<string, string> = new Map();
  readonly userGroups: UserGroup[] = [];
  /** The messages of `chat.postEphemeral`, oldest first. */
  readonly ephemeralMessages: EphemeralMessage[] = [];
  readonly scheduled: ScheduledMessages = new ScheduledMessages(this);
  readonly uploads: Uploads = new Uploads();
  readonly headers: ChannelHeaders = new ChannelHeaders();
  readonly personal: PersonalItems = new PersonalItems();
  /** The calls in other services, by id. */
  readonly calls: Map<string, RegisteredCall> = new Map();
  readonly #users = new Map<string, User>();
  readonly #channels = new Map<string, Channel>();
  readonly #logs = new Map<string, MessageLog>();
  #listener: EventListener | undefined;
  #lastId = 0;

  constructor(parts: Pick<Workspace, 'team' | 'bot' | 'clock' | 'crowd' | 'behavior'>) {
    this.team = parts.team;
    this.bot = parts.bot;
    this.clock = parts.clock;
    this.crowd = parts.crowd;
    this.behavior = parts.behavior;
  }

  /** Sets the listener that is called with each new event. A workspace has only one listener. */
  onEvent(listener: EventListener): void {
    this.#listener = listener;
  }

  get users(): readonly User[] {
    return [...this.#users.values()];
  }

  get channels(): readonly Channel[] {
    return [...this.#channels.values()];
  }

  /** Returns a user by id or name (with or without `@`), or undefined if there is no such user. */
  findUser(idOrName: string): User | undefined {
    const name = idOrName.replace(/^@/, '');
    const known = this.#users.get(idOrName) ?? this.users.find((user) => user.name === name);
    return known ?? this.crowd.users.find(name);
  }

  /** Returns a conversation by id or name (with or without `#`), or undefined if there is no such conversation. */
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

  /** Returns the messages of a conversation, oldest first, including replies. */
  messages(channel: string): readonly Message[] {
    return this.log(channel).all();
  }

  /** Returns the messages of a thread, with the parent first. Returns an empty list if the parent does not exist. */
  thread(channel: string, threadTs: string): readonly Message[] {
    const parent = this.log(channel).get(threadTs);
    return parent ? [parent, ...this.log(channel).replies(threadTs)] : [];
  }

  /** @throws SlackApiError `message_not_found` */
  message(channel: string, ts: string): Message {
    return this.log(channel).get(ts) ?? refuse('message_not_found');
  }

  /** Returns the log that stores the messages of a conversation. */
  log(channel: string): MessageLog {
    // A channel without members receives no messages.
    return this.#logs.get(this.channel(channel).id) ?? new MessageLog();
  }

  addUser(user: User): User {
    this.#users.set(user.id, user);
    return user;
  }

  /** Adds a conversation. A public channel causes a `channel_created` event. */
  addChannel(channel: Channel): Channel {
    this.#channels.set(channel.id, channel);
    this.#logs.set(channel.id, new MessageLog());
    if (channel.type === 'channel') this.#listener?.(events.channelCreated(this, channel), undefined);
    return channel;
  }

  /** Creates a channel with a name. The creator becomes the first member. @throws SlackApiError `name_taken` */
  createChannel(name: string, creator: string, options: { isPrivate?: boolean | undefined } = {}): Channel {
    if (this.findChannel(name)) refuse('name_taken');
    const user = this.user(creator);
    const type = options.isPrivate ? 'group' : 'channel';
    const fields = { id: this.newId('C'), name, type, creator: user.id, created: this.clock.seconds() } as const;
    const channel = this.addChannel(newChannel(fields));
    this.addMember(channel.id, user.id);
    return channel;
  }

  /** Returns the direct message or group direct message between these users, and creates it if it does not exist. */
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
    const names = [...members].map((id) => this.user(id).name);
    return this.addChannel(
      newChannel({
        id: this.newId(type === 'im' ? 'D' : 'C'),
        name: type === 'im' ? '' : `mpdm-${names.join('--')}-1`,
        type,
        creator: [...members][0] as string,
        created: this.clock.seconds(),
        members,
      }),
    );
  }

  /** Makes a user a member and posts Slack's `channel_join` message. Returns false if the user is already a member. */
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

  /**
   * Posts a message. Causes `message`, and `app_mention` if another user mentions the bot outside a direct message. A
   * reply changes its parent, and a link gets a preview; both cause `message_changed`.
   */
  postMessage(channelId: string, authorId: string, content: MessageContent): Message {
    const channel = this.channel(channelId);
    const isPast = content.ts !== undefined;
    if (channel.isArchived && !isPast) refuse('is_archived');
    const log = this.log(channel.id);
    const parent = threadParent(log, content);
    const parentBefore = parent && renderMessage(this, channel, parent);
    const message = composeMessage({
      team: this.team,
      bot: this.bot,
      author: authorId,
      text: content.text,
      ts: content.ts ?? this.clock.nextTs(),
      parent,
      broadcast: content.broadcast ?? false,
      blockId: this.#blockId(),
      fields: content.fields ?? {},
    });
    log.add(message);
    this.#emit(events.messagePosted(this, channel, message), channel);
    this.#emitMention(channel, message, authorId);
    if (parent && parentBefore && this.behavior.replyChangesParent) {
      this.#emit(events.messageChanged(this, channel, parent, parentBefore), channel);
    }
    const unfurls = message.unfurl_links ?? (authorId !== this.bot.userId && this.behavior.unfurlLinks);
    if (unfurls && !isPast) this.unfurl(channel.id, message.ts);
    return message;
  }

  /**
   * Replaces a message's content. Causes `message_changed`, and `app_mention` again if the message mentions the bot.
   */
  updateMessage(channelId: string, ts: string, editor: string, changes: Partial<Message>): Message {
    const channel = this.channel(channelId);
    const message = this.message(channel.id, ts);
    const previous = renderMessage(this, channel, message);
    const blocks = changes.text === undefined ? undefined : [richText(changes.text, this.#blockId())];
    Object.assign(message, compact({ blocks, ...changes }), { edited: { user: editor, ts: this.clock.nextTs() } });
    this.#emit(events.messageChanged(this, channel, message, previous), channel);
    if (this.behavior.editedMention) this.#emitMention(channel, message, editor);
    return message;
  }

  /** Adds previews of a message's links. Causes `message_changed` with the same text and without `edited`. */
  unfurl(channelId: string, ts: string): void {
    const channel = this.channel(channelId);
    const message = this.message(channel.id, ts);
    const links = linksIn(message.text);
    if (links.length === 0) return;
    const previous = renderMessage(this, channel, message);
    message.attachments = links.map(linkPreview);
    this.#emit(events.messageChanged(this, channel, message, previous), channel);
  }

  /** Deletes a message. As in Slack, a tombstone replaces a deleted parent of a thread and causes `message_changed`. */
  deleteMessage(channelId: string, ts: string): void {
    const channel = this.channel(channelId);
    const log = this.log(channel.id);
    const message = this.message(channel.id, ts);
    if (log.replies(ts).length === 0) {
      log.remove(message);
      this.#emit(events.messageDeleted(this, channel, message), channel);
      return;
    }
    const previous = renderMessage(this, channel, message);
    toTombstone(message);
    this.#emit(events.messageChanged(this, channel, message, previous), channel);
  }

  /** @throws SlackApiError `already_reacted` */
  addReaction(channelId: string, ts: string, userId: string, name: string): void {
    this.#react('reaction_added', { channelId, ts, userId, name });
  }

  /** @throws SlackApiError `no_reaction` */
  removeReaction(channelId: string, ts: string, userId: string, name: string): void {
    this.#react('reaction_removed', { channelId, ts, userId, name });
  }

  /** Returns a new id that is unique in the workspace. The sequence of ids is the same on every run. */
  newId(prefix: string): string {
    this.#lastId += 1;
    return `${prefix}${String(this.#lastId).padStart(9, '0')}`;
  }

  #react(
    type: 'reaction_added' | 'reaction_removed',
    { channelId, ts, userId, name }: { channelId: string; ts: string; userId: string; name: string },
  ): void {
    const channel = this.channel(channelId);
    const message = this.message(channel.id, ts);
    const kept = this.behavior.canonicalReactions ? canonicalEmoji(name) : name;
    (type === 'reaction_added' ? reactions.addReaction : reactions.removeReaction)(message, userId, kept);
    this.#emit(events.reaction(this, type, channel, message, userId, kept), channel);
  }

  #emitMention(channel: Channel, message: Message, author: string): void {
    const { userId } = this.bot;
    if (author === userId || channel.type === 'im' || message.subtype === 'channel_join') return;
    if (mentions(message, userId)) this.#emit(events.mentioned(this, channel, message), channel);
  }

  #emit(event: SlackEvent, channel: Channel): void {
    if (channel.members.has(this.bot.userId)) this.#listener?.(event, channel);
  }

  #blockId(): string {
    return randomUUID().slice(0, 5);
  }
}
