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
  /** Ids of the events that are being delivered to the app; empty without an events URL. */
  eventIds: string[];
}

/** A message that was just posted. */
export interface PostedMessage extends Caused {
  channel: string;
  ts: string;
  text: string;
  threadTs: string | undefined;
}

/** A conversation with its messages. */
export interface ChannelState extends Omit<Channel, 'members'> {
  members: string[];
  /** Oldest first, replies included. */
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
 * Drives a simulator, with the same methods in its own process (`createSimulator`) and from another process
 * (`connectSimulator`). Refer to users and channels by id or name. A call that Slack would refuse rejects with
 * `SlackApiError`.
 */
export interface SimulatorControl {
  /** Base URL of the Web API, for `slackApiUrl` of `@slack/web-api`; ends with `/api/`. */
  readonly url: string;

  /** A person posts a message. A user as `channel` means the direct messages with that user. */
  postMessage(
    user: string,
    channel: string,
    text: string,
    options?: { threadTs?: string | undefined; broadcast?: boolean | undefined },
  ): Promise<PostedMessage>;
  /** Adds the previews of a message's links, as Slack does a moment after posting. */
  unfurl(channel: string, ts: string): Promise<Caused>;
  /** A person edits a message. */
  editMessage(channel: string, ts: string, text: string): Promise<Caused>;
  /** A person deletes a message. */
  deleteMessage(channel: string, ts: string): Promise<Caused>;
  /** A person adds a reaction. */
  react(user: string, channel: string, ts: string, emoji: string): Promise<Caused>;
  /** A person removes a reaction. */
  unreact(user: string, channel: string, ts: string, emoji: string): Promise<Caused>;
  /** A person joins a channel. */
  joinChannel(user: string, channel: string): Promise<Caused>;
  /** A person creates a channel and becomes its first member. */
  createChannel(
    user: string,
    name: string,
    options?: { isPrivate?: boolean | undefined },
  ): Promise<Caused & { channel: string }>;

  /**
   * Sends any event to the app: an inner event (wrapped in an envelope) or an outer object such as `event_callback` or
   * `app_rate_limited` (sent unchanged). Resolves when it is queued; see `settled` and `idle`.
   */
  deliver(event: object): Promise<Delivery>;
  /** Resolves when this delivery is delivered or failed. */
  settled(deliveryId: string): Promise<Delivery>;
  /** Resolves when no delivery is pending, retries included. */
  idle(): Promise<void>;
  /** Every delivery so far, oldest first. */
  deliveries(): Promise<Delivery[]>;

  /** A person runs a slash command. As in Slack, it is never retried. */
  slashCommand(options: SlashCommandOptions): Promise<InteractionOutcome>;
  /** A person uses an interactive element. As in Slack, it is never retried. */
  blockAction(options: BlockActionOptions): Promise<InteractionOutcome>;
  /** Posts any interaction (`shortcut`, `view_submission`, …) and fills in missing common fields. */
  interact(payload: JsonObject): Promise<InteractionOutcome>;
  /** What the app posted to response URLs, oldest first. */
  responses(): Promise<ResponseUrlPost[]>;

  /** Sets the events URL from now on; with `verify`, only after the handshake succeeds. */
  setEventsUrl(url: string, options?: { verify?: boolean | undefined }): Promise<void>;
  /** Performs the `url_verification` handshake. Rejects if the app does not return the challenge. */
  verifyUrl(): Promise<void>;
  /** Sends Slack's unsigned `ssl_check` to the events URL. */
  sslCheck(): Promise<InteractionOutcome>;
  /** Cuts off the first attempt of the next `next` deliveries, so that they are retried; 0 disables it. */
  cutOff(next: number, options?: { at?: CutOffPoint | undefined }): Promise<void>;

  /** The number of open Socket Mode connections of the app. */
  connections(): Promise<number>;
  /** Asks the app to reconnect, as Slack does every few hours; the current connections close after 10 seconds. */
  refreshConnections(reason?: DisconnectReason): Promise<void>;
  /**
   * Makes the next `times` Socket Mode connections (default 1; 0 disables it) fail before or right after the greeting.
   */
  troubleConnections(trouble: ConnectionTrouble, options?: { times?: number | undefined }): Promise<void>;
  /** How often the app has requested a Socket Mode connection so far. */
  connectionAttempts(): Promise<number>;

  /** Answers the next `times` calls (default 1) of a method with HTTP 429 and `Retry-After`. */
  limit(method: string, options?: { retryAfterS?: number | undefined; times?: number | undefined }): Promise<void>;
  /** Answers the next `times` calls (default 1) of a method with a Slack error, or an HTTP status of 400 or above. */
  fail(method: string, failure: string | number, options?: { times?: number | undefined }): Promise<void>;
  /** Every Web API call so far, oldest first, without tokens. */
  calls(method?: string | undefined): Promise<WebApiCall[]>;

  /** The messages of a conversation, oldest first, replies included. */
  messages(channel: string): Promise<Message[]>;
  /** The whole content of the workspace. */
  state(): Promise<WorkspaceState>;
}
