import type { Delivery } from './delivery/delivery.ts';
import type { CutOffPoint } from './delivery/post.ts';
import type { BlockActionOptions, SlashCommandOptions } from './interaction-options.ts';
import type { InteractionOutcome, ResponseUrlPost } from './interactions.ts';
import type { JsonObject } from './json.ts';
import type { ConnectionTrouble, DisconnectReason } from './socket-mode/socket-mode-server.ts';
import type { WebApiCall } from './web-api/web-api.ts';
import type { Bot, Channel, EphemeralMessage, Message, Team, User } from './workspace/model.ts';

/** The result of a change in the workspace. */
export interface Caused {
  /** Ids of the events that the change caused and that are delivered to the app; empty without an events URL. */
  eventIds: string[];
}

/** A message that has just been posted. */
export interface PostedMessage extends Caused {
  channel: string;
  ts: string;
  text: string;
  threadTs: string | undefined;
}

/** A conversation with its messages. */
export interface ChannelState extends Omit<Channel, 'members'> {
  members: string[];
  /** The messages, oldest first, including replies. */
  messages: Message[];
}

/** The whole content of the workspace. */
export interface WorkspaceState {
  team: Team;
  bot: Bot;
  users: User[];
  channels: ChannelState[];
  ephemeralMessages: EphemeralMessage[];
  emoji: Record<string, string>;
}

/**
 * Controls a simulator. The methods are the same in the process of the simulator (`createSimulator`) and from another
 * process (`connectSimulator`). Refer to users and channels by id or name. A call that Slack would refuse rejects with
 * `SlackApiError`.
 */
export interface SimulatorControl {
  /** Base URL of the Web API, which ends with `/api/`. Pass the base URL as `slackApiUrl` to `@slack/web-api`. */
  readonly url: string;

  /** Posts a message as a person. If `channel` is a user, posts to the direct messages with that user. */
  postMessage(
    user: string,
    channel: string,
    text: string,
    options?: { threadTs?: string | undefined; broadcast?: boolean | undefined },
  ): Promise<PostedMessage>;
  /** Adds the previews of a message's links, as Slack does a moment after posting. */
  unfurl(channel: string, ts: string): Promise<Caused>;
  /** Edits a message as its author. */
  editMessage(channel: string, ts: string, text: string): Promise<Caused>;
  /** Deletes a message as its author. */
  deleteMessage(channel: string, ts: string): Promise<Caused>;
  /** Adds a reaction as a person. */
  react(user: string, channel: string, ts: string, emoji: string): Promise<Caused>;
  /** Removes a reaction as a person. */
  unreact(user: string, channel: string, ts: string, emoji: string): Promise<Caused>;
  /** Adds a person to a channel, as if the person joined it. */
  joinChannel(user: string, channel: string): Promise<Caused>;
  /** Creates a channel as a person, who becomes its first member. */
  createChannel(
    user: string,
    name: string,
    options?: { isPrivate?: boolean | undefined },
  ): Promise<Caused & { channel: string }>;

  /**
   * Sends any event to the app. An inner event is wrapped in an envelope; an outer object such as `event_callback` or
   * `app_rate_limited` is sent unchanged. Resolves when the event is queued; use `settled` or `idle` to wait for its
   * delivery.
   */
  deliver(event: object): Promise<Delivery>;
  /** Resolves when a delivery has succeeded, or has failed after all retries. */
  settled(deliveryId: string): Promise<Delivery>;
  /** Resolves when no delivery is pending, including its retries. */
  idle(): Promise<void>;
  /** Returns all deliveries so far, oldest first. */
  deliveries(): Promise<Delivery[]>;

  /** Runs a slash command as a person. As in Slack, the command is never retried. */
  slashCommand(options: SlashCommandOptions): Promise<InteractionOutcome>;
  /** Uses an interactive element of a message as a person. As in Slack, the interaction is never retried. */
  blockAction(options: BlockActionOptions): Promise<InteractionOutcome>;
  /** Posts any interaction (`shortcut`, `view_submission`, …) and fills in missing common fields. */
  interact(payload: JsonObject): Promise<InteractionOutcome>;
  /** Returns the requests that the app posted to response URLs, oldest first. */
  responses(): Promise<ResponseUrlPost[]>;

  /** Sets the events URL. With `verify`, the URL is set only if the `url_verification` handshake succeeds. */
  setEventsUrl(url: string, options?: { verify?: boolean | undefined }): Promise<void>;
  /** Performs the `url_verification` handshake. Rejects if the app does not return the challenge. */
  verifyUrl(): Promise<void>;
  /** Sends Slack's unsigned `ssl_check` to the events URL. */
  sslCheck(): Promise<InteractionOutcome>;
  /**
   * Cuts off the first attempt of each of the next `next` deliveries, so that the simulator retries them; 0 stops
   * cutting off.
   */
  cutOff(next: number, options?: { at?: CutOffPoint | undefined }): Promise<void>;

  /** Returns the number of open Socket Mode connections of the app. */
  connections(): Promise<number>;
  /** Asks the app to reconnect, as Slack does every few hours; the current connections close after 10 seconds. */
  refreshConnections(reason?: DisconnectReason): Promise<void>;
  /**
   * Makes the next `times` Socket Mode connections fail before or right after `hello`. `times` defaults to 1; 0 ends
   * the failures.
   */
  troubleConnections(trouble: ConnectionTrouble, options?: { times?: number | undefined }): Promise<void>;
  /** Returns how often the app has requested a Socket Mode connection so far. */
  connectionAttempts(): Promise<number>;

  /** Answers the next `times` calls of a method (default 1) with HTTP 429 and `Retry-After`. */
  limit(method: string, options?: { retryAfterS?: number | undefined; times?: number | undefined }): Promise<void>;
  /**
   * Answers the next `times` calls of a method (default 1) with a Slack error, or with an HTTP status of 400 or above.
   */
  fail(method: string, failure: string | number, options?: { times?: number | undefined }): Promise<void>;
  /** Returns all Web API calls so far, oldest first, without tokens. */
  calls(method?: string | undefined): Promise<WebApiCall[]>;

  /** Returns the messages of a conversation, oldest first, including replies. */
  messages(channel: string): Promise<Message[]>;
  /** Returns the whole content of the workspace. */
  state(): Promise<WorkspaceState>;
}
