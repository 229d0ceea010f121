import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, type ZlibOptions } from 'node:zlib';
import { type Dispatcher, request } from 'undici';

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

/** The default maximum size of an answer in bytes, several times the size of Slack's largest answers. */
const MAX_BYTES = 32 * 1024 * 1024;

type Decompress = (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>;

const DECOMPRESS: Readonly<Record<string, Decompress>> = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/** Thrown if an answer is larger than the maximum size. */
export class AnswerTooLargeError extends Error {
  override readonly name = 'AnswerTooLargeError';
}

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
    const decompress = DECOMPRESS[String(response.headers['content-encoding'])];
    return {
      status: response.statusCode,
      headers: response.headers,
      body: decompress === undefined ? bytes : await decompressWithin(most, bytes, decompress),
    };
  };
}

/**
 * Decompresses a gzip file that Slack sent as its answer.
 *
 * @throws AnswerTooLargeError
 */
export function gunzipFile(bytes: Buffer): Promise<Buffer> {
  return decompressWithin(MAX_BYTES, bytes, DECOMPRESS['gzip'] as Decompress);
}

/** Reads a body. If the body is too large, closes the connection, so that the rest is not transferred. */
async function readBytes(body: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > maxBytes)
      throw new AnswerTooLargeError(
        `the answer is above the maximum size of ${maxBytes} bytes: check the size of the file, the proxy and SLACK_API_URL`,
      );
    parts.push(part);
  }
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, size);
}

async function decompressWithin(maxBytes: number, bytes: Buffer, decompress: Decompress): Promise<Buffer> {
  try {
    return await decompress(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error;
    throw new AnswerTooLargeError(
      `the answer is above the maximum size of ${maxBytes} bytes: check the size of the file, the proxy and SLACK_API_URL`,
    );
  }
}
