import type { JsonObject, SlackClient } from '@slack-mcp/core';

/** Told before a call waits: for how many milliseconds at least, and whether for a rate limit or to try once more. */
export type OnSlackWait = (milliseconds: number, reason: 'rate_limited' | 'retry') => void;

/** Slack's Web API as this package uses it: what a worker sees, with the errors of `slack-error.ts`. */
export interface SlackPort extends SlackClient {
  /**
   * Calls one method. A method that may not be repeated (`chat.postMessage`) is sent again only when Slack certainly
   * did not act on the first attempt.
   *
   * @param method - for example `conversations.history`
   * @param options - `signal` ends the call, the waiting before a retry included; `onWait` is told of that waiting
   * @throws SlackApiError when Slack answers `ok: false`
   * @throws SlackRateLimitedError when Slack asks to wait longer than the port may wait, or has asked for it before
   * @throws SlackCircuitOpenError while methods like this one are out of order
   * @throws SlackNetworkError when no usable answer came
   * @throws SlackTokenMissingError without a token
   * @throws the signal's reason once it is aborted
   */
  call(
    method: string,
    args?: Readonly<Record<string, unknown>>,
    options?: { signal?: AbortSignal; onWait?: OnSlackWait },
  ): Promise<JsonObject>;
  /** The scopes of the token, as recent answers told them; undefined while they are not known. */
  grantedScopes?(): readonly string[] | undefined;
  /** Tells workspaces and tokens apart without giving the token away. Absent where tokens rotate. */
  readonly identity?: string;
}
