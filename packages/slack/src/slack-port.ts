import type { JsonObject } from '@slack-mcp/core';
import type { DownloadedFile } from './download-file.ts';
import type { TokenKind } from './token-kind.ts';

/** Called before a call waits, with the minimum wait in milliseconds and its reason: a rate limit or a retry. */
export type OnSlackWait = (milliseconds: number, reason: 'rate_limited' | 'retry') => void;

/** Options of one call. */
export interface SlackCallOptions {
  /** Aborts the call, including a wait before a retry. */
  readonly signal?: AbortSignal | undefined;
  /** Called before the call waits for a rate limit or a retry. */
  readonly onWait?: OnSlackWait | undefined;
  /**
   * The kind of token to use. If you pass several kinds, the call uses the first kind that exists. Default: the kind
   * that suits the method, or the bot token if both kinds suit it.
   */
  readonly as?: TokenKind | readonly TokenKind[] | undefined;
}

/** Whether Slack accepts the tokens. */
export interface SlackHealth {
  /** `degraded` after Slack has refused a token, until Slack accepts the token again. */
  readonly status: 'up' | 'degraded';
  /** Slack's error names by the kind of token, for example `{ bot: 'token_expired' }`. */
  readonly detail: Readonly<Record<string, string>>;
}

/** Slack's Web API in one workspace, for methods chosen at run time. */
export interface SlackPort {
  /**
   * Calls one method. A call that posts, such as `chat.postMessage`, is sent again only if Slack certainly did not act
   * on the first attempt. `actedAs` returns the kind of token that the call used.
   *
   * @param method - the name of the method, for example `conversations.history`
   * @throws SlackApiError if Slack answers `ok: false`
   * @throws SlackRateLimitedError if Slack asks to wait longer than `rateLimitWaitMs`
   * @throws SlackCircuitOpenError while the circuit breaker refuses calls of the method's family
   * @throws SlackNetworkError if there is no usable answer
   * @throws SlackTokenMissingError if there is no token of an allowed kind
   * @throws TypeError if the method name is not valid, or an argument cannot be sent
   * @throws the signal's reason if the signal is aborted
   */
  call(method: string, args?: Readonly<Record<string, unknown>>, options?: SlackCallOptions): Promise<JsonObject>;
  /**
   * Sends the bytes of a file to the `upload_url` of `files.getUploadURLExternal`. Sends no token.
   *
   * @throws SlackNetworkError - the URL does not belong to Slack, or Slack did not accept the bytes
   * @throws the signal's reason if the signal is aborted
   */
  upload?(url: string, bytes: Uint8Array, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /**
   * Downloads a file from its `url_private`, with the token of the kind `as`. See `DownloadedFile`.
   *
   * @throws SlackNetworkError - the URL is not the URL of a file in Slack, the file is larger than `maxBytes`, or there
   *   is no usable answer
   * @throws SlackTokenMissingError if there is no token of an allowed kind
   * @throws the signal's reason if the signal is aborted
   */
  download?(
    url: string,
    options: {
      readonly maxBytes: number;
      readonly signal?: AbortSignal | undefined;
      readonly as?: TokenKind | undefined;
    },
  ): Promise<DownloadedFile>;
  /**
   * Returns the scopes of a token from recent answers, or of all tokens if you pass no kind; undefined if the scopes
   * are not known.
   */
  grantedScopes?(kind?: TokenKind): readonly string[] | undefined;
  /** The kinds of token that calls can use; empty without a token. Undefined if not known. */
  readonly tokenKinds?: readonly TokenKind[];
  /** Returns the health that follows from the latest calls, without calling Slack. */
  health?(): SlackHealth;
  /** The id of the workspace in which calls act, if the tokens belong to an organization. */
  readonly teamId?: string;
  /** Identifies the workspace and its token without revealing the token. The identity is absent if tokens rotate. */
  readonly identity?: string;
}
