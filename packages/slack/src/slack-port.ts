import type { JsonObject } from '@slack-mcp/core';
import type { TokenKind } from './token-kind.ts';

/** Hears before a call waits: at least how many milliseconds, and whether for a rate limit or before another attempt. */
export type OnSlackWait = (milliseconds: number, reason: 'rate_limited' | 'retry') => void;

/** Options of one call. */
export interface SlackCallOptions {
  /** Ends the call, the waiting before a retry included. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of that waiting. */
  readonly onWait?: OnSlackWait | undefined;
  /**
   * Whose token is used; of several kinds the first one that there is. Default: what suits the method, the bot's
   * wherever both do.
   */
  readonly as?: TokenKind | readonly TokenKind[] | undefined;
}

/** Whether Slack takes the tokens. */
export interface SlackHealth {
  /** `degraded` once Slack has refused a token, until it accepts it again. */
  readonly status: 'up' | 'degraded';
  /** Slack's name of the refusal by the kind of token, for example `{ bot: 'token_expired' }`. */
  readonly detail: Readonly<Record<string, string>>;
}

/** Slack's Web API in one workspace, for methods that are chosen at run time. */
export interface SlackPort {
  /**
   * Calls one method. A method that may not be repeated (`chat.postMessage`) is sent again only when Slack certainly
   * did not act on the first attempt. `actedAs` says of the answer whose token it was called with.
   *
   * @param method - for example `conversations.history`
   * @throws SlackApiError when Slack answers `ok: false`
   * @throws SlackRateLimitedError when Slack asks to wait longer than the port may wait, or has asked for it before
   * @throws SlackCircuitOpenError while methods like this one are out of order
   * @throws SlackNetworkError when no usable answer came
   * @throws SlackTokenMissingError without a token of a kind that may be used
   * @throws TypeError when this is not the name of a method, or an argument cannot be sent
   * @throws the signal's reason once it is aborted
   */
  call(method: string, args?: Readonly<Record<string, unknown>>, options?: SlackCallOptions): Promise<JsonObject>;
  /**
   * The scopes of a token as recent answers named them; undefined while they are not known. Without a kind: those of
   * all tokens together.
   */
  grantedScopes?(kind?: TokenKind): readonly string[] | undefined;
  /** Without a call: what the last calls met. */
  health?(): SlackHealth;
  /** Tells workspaces and tokens apart without giving the token away. Absent where tokens rotate. */
  readonly identity?: string;
}
