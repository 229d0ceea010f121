import type { Api, ApiName } from './api.ts';
import { decodeFetch, FETCH_VERSION, fromLibrary, type LibraryFetch } from './fetch-response.ts';
import { encodeProduce, PRODUCE_VERSION } from './produce-request.ts';

/** A request and its response, as the library encodes and decodes them. */
export interface Call {
  readonly request: {
    readonly apiKey: number;
    readonly apiName: string;
    readonly apiVersion: number;
    encode(): Promise<unknown>;
  };
  readonly response: { decode(data: unknown): Promise<unknown>; parse(data: unknown): Promise<unknown> };
}

/**
 * Replaces the library's code for records, because that code takes most of the time of a request. Other requests, and
 * versions that only old brokers need, are left to the library.
 */
export function withOwnRecords<A extends ApiName>(api: A, { request, response }: Call, args: Api[A][0]): Call {
  if (api === 'Fetch') {
    const isOwn = request.apiVersion === FETCH_VERSION;
    const decode = async (data: unknown): Promise<unknown> =>
      isOwn ? decodeFetch(data as Buffer) : fromLibrary((await response.decode(data)) as LibraryFetch);
    return { request, response: { ...response, decode } };
  }
  if (api === 'Produce' && request.apiVersion >= PRODUCE_VERSION) {
    const encode = async (): Promise<unknown> => asEncoder(encodeProduce(args as Api['Produce'][0]));
    return { request: { ...request, encode }, response };
  }
  return { request, response };
}

/** Wraps bytes in the shape of the library's encoder. */
function asEncoder(bytes: Buffer): { readonly buf: Buffer; readonly buffer: Buffer } {
  return { buf: bytes, buffer: bytes };
}
