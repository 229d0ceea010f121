import type { JsonObject } from '../json.ts';
import { isJsonObject } from '../json.ts';
import { invalidArguments, SlackApiError } from '../slack-api-error.ts';
import type { Channel } from '../workspace/model.ts';
import type { SharedFile } from '../workspace/shared-files.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Whom a token belongs to. */
export interface Actor {
  readonly kind: 'bot' | 'user';
  /** The bot user, or the person who installed the app. */
  readonly userId: string;
  readonly scopes: ReadonlySet<string>;
}

/** A call of a Web API method, with its caller and its arguments. */
export class Call {
  readonly workspace: Workspace;
  readonly actor: Actor;
  readonly arguments: JsonObject;

  readonly #openConnection: (() => string) | undefined;

  constructor(
    workspace: Workspace,
    actor: Actor,
    callArguments: JsonObject,
    openConnection?: (() => string) | undefined,
  ) {
    this.workspace = workspace;
    this.actor = actor;
    this.arguments = callArguments;
    this.#openConnection = openConnection;
  }

  /**
   * Creates the address of a new Socket Mode connection. @throws SlackApiError when the app does not use Socket Mode
   */
  openConnection(): string {
    if (!this.#openConnection) throw new SlackApiError('socket_mode_not_enabled');
    return this.#openConnection();
  }

  /** The user that makes the call. */
  get caller(): string {
    return this.actor.userId;
  }

  get scopes(): ReadonlySet<string> {
    return this.actor.scopes;
  }

  /** @throws SlackApiError `missing_scope`, with the needed and the provided scopes, if the token lacks the scope */
  requireScope(scope: string, named: string = scope): void {
    if (this.scopes.has(scope)) return;
    throw new SlackApiError('missing_scope', { needed: named, provided: [...this.scopes].join(',') });
  }

  /** Returns a string argument. An empty string counts as missing. */
  text(name: string): string | undefined {
    const value = this.arguments[name];
    if (value === undefined || value === null || value === '') return undefined;
    return typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);
  }

  /** @throws SlackApiError `invalid_arguments` when the argument is missing */
  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw invalidArguments(`missing required field: ${name}`);
    return value;
  }

  flag(name: string): boolean | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : value === 'true' || value === '1';
  }

  /**
   * Returns an integer argument and checks its bounds. @throws SlackApiError `invalid_arguments` if the argument is not
   * valid, or the error `tooLarge` if it exceeds the maximum
   */
  integer(name: string, bounds: { default: number; max: number; tooLarge?: string }): number {
    const value = this.text(name);
    if (value === undefined) return bounds.default;
    if (!/^\d+$/.test(value)) throw invalidArguments(`must be a valid integer [json-pointer:/${name}]`);
    if (Number(value) > bounds.max && bounds.tooLarge !== undefined) throw new SlackApiError(bounds.tooLarge);
    if (Number(value) > bounds.max)
      throw invalidArguments(`must be less than ${bounds.max + 1} [json-pointer:/${name}]`);
    return Number(value) || bounds.default;
  }

  /** Returns an argument that is passed as JSON or as a JSON string. @throws SlackApiError `errorCode` */
  json(name: string, errorCode: string): unknown {
    const value = this.arguments[name];
    if (typeof value !== 'string') return value ?? undefined;
    if (value === '') return undefined;
    try {
      return JSON.parse(value);
    } catch {
      throw new SlackApiError(errorCode);
    }
  }

  jsonObject(name: string, errorCode: string): JsonObject | undefined {
    const value = this.json(name, errorCode);
    if (value !== undefined && !isJsonObject(value)) throw new SlackApiError(errorCode);
    return value;
  }

  jsonList(name: string, errorCode: string): JsonObject[] | undefined {
    const value = this.json(name, errorCode);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || !value.every(isJsonObject)) throw new SlackApiError(errorCode);
    return value;
  }

  /**
   * Returns the conversation that an argument names, if the caller can see it. @throws SlackApiError
   * `channel_not_found`
   */
  visibleChannel(name = 'channel'): Channel {
    const asked = this.requiredText(name);
    const channel = this.workspace.findChannel(asked);
    if (channel?.id !== asked || !this.sees(channel)) throw new SlackApiError('channel_not_found');
    return channel;
  }

  /**
   * Returns the conversation like {@link visibleChannel}, and requires the caller to be a member. @throws SlackApiError
   * `not_in_channel`
   */
  memberChannel(name = 'channel'): Channel {
    const channel = this.visibleChannel(name);
    if (!channel.members.has(this.caller)) throw new SlackApiError('not_in_channel');
    return channel;
  }

  /** Returns the conversation to post to, given by id, by name, or by the id of a user for direct messages. */
  writableChannel(): Channel {
    const target = this.requiredText('channel');
    const user = /^[UW]/.test(target) ? this.workspace.findUser(target) : undefined;
    if (user) {
      if (user.deleted || user.id === this.caller) throw new SlackApiError('channel_not_found');
      return this.workspace.openConversation([user.id, this.caller]);
    }
    const channel = this.workspace.findChannel(target);
    if (!channel || !this.sees(channel)) throw new SlackApiError('channel_not_found');
    if (channel.isArchived) throw new SlackApiError('is_archived');
    if (!channel.members.has(this.caller) && !this.scopes.has('chat:write.public'))
      throw new SlackApiError('not_in_channel');
    return channel;
  }

  /** Whether the caller can see a conversation. */
  sees(channel: Channel): boolean {
    return channel.type === 'channel' || channel.members.has(this.caller);
  }

  /** Whether the caller owns a file, has access to it, or can see one of the conversations that share the file. */
  seesFile({ user, shares, access }: SharedFile): boolean {
    return (
      user === this.caller ||
      access.has(this.caller) ||
      shares.some(({ channel }) => this.sees(this.workspace.channel(channel)))
    );
  }
}
