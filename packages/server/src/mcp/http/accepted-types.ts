import type { IncomingMessage } from 'node:http';

/** The answer formats that a Streamable HTTP client accepts. */
export interface AcceptedTypes {
  readonly json: boolean;
  readonly stream: boolean;
}

/** The header that MCP requires of clients. */
const USUAL = 'application/json, text/event-stream';
const EVERY: AcceptedTypes = { json: true, stream: true };

/**
 * Parses an `Accept` header by the rules of HTTP. A missing header accepts every format; a media range matches by name
 * or `*`; media ranges with weight 0 are ignored.
 */
export function acceptedTypes(accept: string | undefined): AcceptedTypes {
  if (accept === undefined || accept === USUAL || accept.trim() === '') return EVERY;
  const ranges = accept
    .toLowerCase()
    .split(',')
    .map((range) => range.split(';').map((part) => part.trim()))
    .filter(([, ...parameters]) => !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)))
    .map(([type]) => type);
  const takes = (...types: readonly string[]): boolean => types.some((type) => ranges.includes(type));
  return {
    json: takes('application/json', 'application/*', '*/*'),
    stream: takes('text/event-stream', 'text/*', '*/*'),
  };
}

/**
 * Sets the `Accept` header of a request to both JSON and event streams, because the SDK rejects requests that do not
 * accept both formats.
 */
export function acceptBoth({ headers, rawHeaders }: IncomingMessage): void {
  headers.accept = USUAL;
  for (let index = rawHeaders.length - 2; index >= 0; index -= 2) {
    if (rawHeaders[index]?.toLowerCase() === 'accept') rawHeaders.splice(index, 2);
  }
  rawHeaders.push('Accept', headers.accept);
}
