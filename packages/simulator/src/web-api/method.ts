import type { JsonObject } from '../json.ts';
import type { SlackBehavior } from '../slack-behavior.ts';
import type { ChannelType } from '../workspace/model.ts';
import type { Call } from './call.ts';

/**
 * Slack's rate limit tiers: 1, 20, 50 and 100 calls a minute, and the special limits of `chat.postMessage` and of
 * `assistant.search.context`.
 */
export type RateLimitTier = 1 | 2 | 3 | 4 | 'post' | 'search';

/** One method of the Web API. */
export interface Method {
  readonly tier: RateLimitTier;
  /** The scopes that allow the method, as in `x-accepted-oauth-scopes`. */
  readonly scopes: readonly string[];
  /** The scope that `missing_scope` names, if it differs from the scope that is missing. */
  readonly missingScope?: (behavior: SlackBehavior) => string;
  /** Whether the method needs `team_id` when it is called with an organization token. */
  readonly needsTeam?: boolean;
  /** Whether the method needs no token. */
  readonly anonymous?: boolean;
  /** Whether the method needs the app-level token instead of the bot token. */
  readonly appToken?: boolean;
  /** The kinds of token that the method accepts. Default: both. */
  readonly tokens?: readonly ('bot' | 'user')[];
  /**
   * Whether the method itself checks its scopes, depending on the type of conversation. For all other methods, `scopes`
   * is checked before the call.
   */
  readonly checksScopesItself?: boolean;
  /**
   * Whether the method accepts JSON bodies. Read-only methods ignore a JSON body, so the arguments in such a body are
   * missing.
   */
  readonly acceptsJson: boolean;
  /** Runs the method. Returns the fields of the response except `ok: true`. @throws SlackApiError */
  run(call: Call): JsonObject;
}

/** Returns the scope that a family of methods needs for a type of conversation, such as `groups:history`. */
export function conversationScope(type: ChannelType, family: 'history' | 'read' | 'write'): string {
  const prefixes = { channel: 'channels', group: 'groups', im: 'im', mpim: 'mpim' };
  return `${prefixes[type]}:${family}`;
}

/** Returns the scopes that a family of methods needs for all four types of conversations. */
export function conversationScopes(family: 'history' | 'read' | 'write'): string[] {
  return (['channel', 'group', 'im', 'mpim'] as const).map((type) => conversationScope(type, family));
}
