/** What a caller may do: only read, or also write. */
export type Rights = 'read' | 'write';

/** The caller of a tool, as identified by the access guard. */
export interface Caller {
  /**
   * A unique name that is safe to show: `key:ci`, `jwt:alice`, `slack:T0123/U0123`. It owns the caller's sessions. If
   * several apps have a signing secret: `slack:A0123/T0123/U0123`.
   */
  readonly id: string;
  /** How the caller authenticated. */
  readonly kind: 'key' | 'jwt' | 'slack';
  readonly rights: Rights;
  /** When the credential expires, in milliseconds since the epoch. Absent: it is valid until it is revoked. */
  readonly expiresAt?: number;
  /** The claims of the access token, if the caller sent one. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** The Slack user on whose behalf Slack calls. */
  readonly slack?: {
    readonly teamId: string;
    readonly userId: string;
    readonly enterpriseId?: string;
    /** Absent if neither the message nor the signing secrets name an app. */
    readonly appId?: string;
  };
}

/** Whether the caller may write. Without authentication, there is no caller, and everyone may write. */
export function mayWrite(caller: Caller | undefined): boolean {
  return caller === undefined || caller.rights === 'write';
}
