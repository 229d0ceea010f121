import type { JsonObject } from '@slack-mcp/core';
import type { TokenKind } from './token-kind.ts';

/** Called before a call waits, with the minimum milliseconds and the reason: a rate limit or a retry. */
export type OnSlackWait = (milliseconds: number, reason: 'rate_limited' | 'retry') => void;

/** Options of one call. */
export interface SlackCallOptions {
  /** Ends the call, including a wait before a retry. */
  readonly signal?: AbortSignal | undefined;
  /** Called before such a wait. */
  readonly onWait?: OnSlackWait | undefined;
  /**
   * Whose token to use; if you pass several kinds, the first that exists is used. Default: the kind that suits the
   * method, and the bot if both do.
   */
  readonly as?: TokenKind | readonly TokenKind[] | undefined;
}

/** Whether Slack accepts the tokens. */
export interface SlackHealth {
  /** `degraded` after Slack has refused a token, until Slack accepts it again. */
  readonly status: 'up' | 'degraded';
  /** Slack's error name by the kind of token, for example `{ bot: 'token_expired' }`. */
  readonly detail: Readonly<Record<string, string>>;
}

/** Slack's Web API in one workspace, for methods chosen at run time. */
export interface SlackPort {
  /**
   * Calls one method. A method that must not be repeated (`chat.postMessage`) is sent again only if Slack certainly did
   * not act on the first attempt. `actedAs` returns whose token an answer was obtained with.
   *
   * @param method - for example `conversations.history`
   * @throws SlackApiError if Slack answers `ok: false`
   * @throws SlackRateLimitedError if Slack asks to wait longer than the port may wait
   * @throws SlackCircuitOpenError while methods like this one are failing
   * @throws SlackNetworkError if there is no usable answer
   * @throws SlackTokenMissingError without a token of an allowed kind
   * @throws TypeError if the method name is not valid, or an argument cannot be sent
   * @throws the signal's reason when it is aborted
   */
  call(method: string, args?: Readonly<Record<string, unknown>>, options?: SlackCallOptions): Promise<JsonObject>;
  /**
   * The scopes of a token from recent answers; undefined if they are not known. Without a kind: the scopes of all
   * tokens together.
   */
  grantedScopes?(kind?: TokenKind): readonly string[] | undefined;
  /** Derived from the last calls; makes no call. */
  health?(): SlackHealth;
  /** The workspace that the calls act in, if the tokens belong to an organization. */
  readonly teamId?: string;
  /** Identifies the workspace and token without revealing the token. Absent for rotating tokens. */
  readonly identity?: string;
}
