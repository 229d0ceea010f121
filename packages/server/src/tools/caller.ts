/** What a caller may do: only read, or also write. */
export type Rights = 'read' | 'write';

/** Who calls a tool, as the access guard identified them. */
export interface Caller {
  /**
   * Tells callers apart, and is safe to show: `key:ci`, `jwt:alice`, `slack:T0123/U0123`. Sessions belong to it. Where several
   * apps have a signing secret, `slack:A0123/T0123/U0123`.
   */
  readonly id: string;
  /** How the caller authenticated. */
  readonly kind: 'key' | 'jwt' | 'slack';
  readonly rights: Rights;
  /** When the credential ends, in milliseconds since the epoch. Absent: it does not, unless it is revoked. */
  readonly expiresAt?: number;
  /** The claims of the access token, where the caller sent one. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** The Slack user that Slack calls for. */
  readonly slack?: {
    readonly teamId: string;
    readonly userId: string;
    readonly enterpriseId?: string;
    /** Absent where neither the message nor the signing secrets name an app. */
    readonly appId?: string;
  };
}

/** Whether the caller may write. Without authorization there is no caller, and everyone may. */
export function mayWrite(caller: Caller | undefined): boolean {
  return caller === undefined || caller.rights === 'write';
}
