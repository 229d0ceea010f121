/** Codes of errors that answer a request. */
const CODES = {
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  /** Up to revision 2025-11-25; the SDK of later ones answers `invalidParams` for it. */
  resourceNotFound: -32002,
} as const;

/** An error that a request is answered with: the SDKs pass on its code, and its message as it is. */
export class RequestError extends Error {
  readonly code: number;
  /** What the message is about, for programs. */
  readonly data?: Readonly<Record<string, string>>;

  constructor(kind: keyof typeof CODES, message: string, data?: Readonly<Record<string, string>>) {
    super(message);
    this.name = 'RequestError';
    this.code = CODES[kind];
    if (data !== undefined) this.data = data;
  }
}
