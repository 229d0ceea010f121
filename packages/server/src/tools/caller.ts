/** The rights of a caller: only read, or also write. */
export type Rights = 'read' | 'write';

/** The caller of a tool, as identified by the access guard. */
export interface Caller {
  /**
   * The unique ID of the caller, which is safe to show, such as `key:ci`, `jwt:alice` or `slack:T0123/U0123`. If
   * several apps have a signing secret, the ID of a Slack user contains the app, as in `slack:A0123/T0123/U0123`.
   */
  readonly id: string;
  /** How the caller authenticated. */
  readonly kind: 'key' | 'jwt' | 'slack';
  readonly rights: Rights;
  /**
   * When the credential expires, in milliseconds since the epoch; if absent, the credential is valid until it is
   * revoked.
   */
  readonly expiresAt?: number;
  /** The claims of the access token, if the caller sent one. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** The Slack user on whose behalf Slack sends the request. */
  readonly slack?: {
    readonly teamId: string;
    readonly userId: string;
    readonly enterpriseId?: string;
    /** The ID of the Slack app; absent if neither the message nor the signing secrets name an app. */
    readonly appId?: string;
  };
}

/** Whether the caller may write. Without authentication, the caller is undefined and may write. */
export function mayWrite(caller: Caller | undefined): boolean {
  return caller === undefined || caller.rights === 'write';
}
