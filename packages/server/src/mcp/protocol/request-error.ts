/** Error codes of request errors. */
const CODES = {
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  /** Up to revision 2025-11-25. The SDK of later revisions answers `invalidParams` instead. */
  resourceNotFound: -32002,
} as const;

/** An error to answer a request with. The SDKs pass its code and message on unchanged. */
export class RequestError extends Error {
  readonly code: number;
  /** The subject of the message, for programs. */
  readonly data?: Readonly<Record<string, string>>;

  constructor(kind: keyof typeof CODES, message: string, data?: Readonly<Record<string, string>>) {
    super(message);
    this.name = 'RequestError';
    this.code = CODES[kind];
    if (data !== undefined) this.data = data;
  }
}
