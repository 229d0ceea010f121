import { type Dispatcher, request } from 'undici';
import { AnswerTooLargeError, decompress, MAX_BYTES } from './decompress.ts';

/** A request to Slack. */
export interface ExchangeRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body of a POST request; without a body, the request is a GET request. */
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal | undefined;
  /** Maximum size of the answer in bytes; default: the maximum size of the exchange. */
  readonly maxBytes?: number;
}

/** Slack's complete answer. */
export interface Exchanged {
  readonly status: number;
  /** The headers, with names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/**
 * Sends one request and reads the answer. Does not follow redirects, which would send the token to another
 * address.
 */
export type Exchange = (request: ExchangeRequest) => Promise<Exchanged>;

/**
 * Creates an exchange over one pool of connections.
 *
 * @param maxBytes - maximum size of an answer in bytes, before and after decompression; the exchange rejects larger
 *   answers with `AnswerTooLargeError`
 */
export function createExchange(dispatcher: Dispatcher, maxBytes: number = MAX_BYTES): Exchange {
  return async ({ url, headers, body, signal, maxBytes: most = maxBytes }) => {
    const response = await request(url, {
      dispatcher,
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'accept-encoding': 'gzip, deflate, br', ...headers },
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
    const bytes = await readBytes(response.body, most);
    const encoding = response.headers['content-encoding'];
    return {
      status: response.statusCode,
      headers: response.headers,
      body: encoding === undefined ? bytes : await decompress(bytes, String(encoding), most),
    };
  };
}

/** Reads a body. If the body is too large, closes the connection, so that the rest is not transferred. */
async function readBytes(body: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > maxBytes) throw new AnswerTooLargeError(maxBytes);
    parts.push(part);
  }
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, size);
}
