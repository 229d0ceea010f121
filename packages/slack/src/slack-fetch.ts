import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, type ZlibOptions } from 'node:zlib';
import { Agent, type Dispatcher, request } from 'undici';
import { createProxyAgent } from './proxy-agent.ts';
import type { ProxySettings } from './proxy-fetch.ts';

/** Several times as many bytes as Slack's largest answers have. */
const MOST_BYTES = 32 * 1024 * 1024;

const DECOMPRESS: Readonly<Record<string, (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>>> = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/** An answer is larger than any of Slack's. */
export class AnswerTooLargeError extends Error {
  override readonly name = 'AnswerTooLargeError';
}

/**
 * What Slack's client takes for `fetch`, through proxies if there are any: the same requests at a third of the cost.
 * Redirects are answers like others.
 *
 * @param maxBytes - of an answer, before and after it is decompressed; one beyond that rejects with `AnswerTooLargeError`
 */
export function createSlackFetch(proxy: ProxySettings | undefined, maxBytes: number = MOST_BYTES): typeof fetch {
  const dispatcher = proxy === undefined ? new Agent({ allowH2: false }) : createProxyAgent(proxy);
  const send = async (url: string, init: RequestInit): Promise<ReadResponse> => {
    const { statusCode, statusText, headers, body } = await request(url, {
      dispatcher,
      method: init.method as Dispatcher.HttpMethod,
      headers: { 'accept-encoding': 'gzip, deflate, br', ...(init.headers as Record<string, string>) },
      body: init.body as Exclude<Dispatcher.RequestOptions['body'], undefined>,
      ...(init.signal && { signal: init.signal }),
    });
    const bytes = await readBytes(body, maxBytes);
    const decompress = DECOMPRESS[String(headers['content-encoding'])];
    return new ReadResponse(decompress === undefined ? bytes : await within(decompress, bytes, maxBytes), {
      status: statusCode,
      statusText,
      url,
      headers: toHeaders(headers),
    });
  };
  return send as unknown as typeof fetch;
}

/** Leaving the loop closes the connection: what else would come is not wanted. */
async function readBytes(body: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > maxBytes) throw new AnswerTooLargeError(`more than ${maxBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}

async function within(
  decompress: (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>,
  bytes: Buffer,
  maxBytes: number,
): Promise<Buffer> {
  try {
    return await decompress(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error;
    throw new AnswerTooLargeError(`more than ${maxBytes} bytes`);
  }
}

/** As much of a `Response` as Slack's client looks at, whose body has been read. */
export class ReadResponse {
  readonly status: number;
  readonly statusText: string;
  readonly url: string;
  readonly headers: Headers;
  readonly #body: Buffer;

  constructor(body: Buffer, response: Pick<Response, 'status' | 'statusText' | 'url' | 'headers'>) {
    this.#body = body;
    this.status = response.status;
    this.statusText = response.statusText;
    this.url = response.url;
    this.headers = response.headers;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  async text(): Promise<string> {
    return this.#body.toString();
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return new Uint8Array(this.#body).buffer;
  }
}

function toHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const result = new Headers();
  for (const name in headers) {
    for (const value of [headers[name] ?? []].flat()) result.append(name, value);
  }
  return result;
}
