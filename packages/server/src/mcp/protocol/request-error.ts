/** JSON-RPC error codes. */
const CODES = {
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  /**
   * The code for an unknown resource up to revision 2025-11-25. For later revisions, the SDK returns `invalidParams`
   * instead.
   */
  resourceNotFound: -32002,
} as const;

/** An error that is returned to the client. The SDKs send the code and the message unchanged. */
export class RequestError extends Error {
  readonly code: number;
  /** Additional data for programs, such as the URI of the resource. */
  readonly data?: Readonly<Record<string, string>>;

  constructor(kind: keyof typeof CODES, message: string, data?: Readonly<Record<string, string>>) {
    super(message);
    this.name = 'RequestError';
    this.code = CODES[kind];
    if (data !== undefined) this.data = data;
  }
}
