import { promisify } from 'node:util';
import type { ZlibOptions } from 'node:zlib';

/** The default maximum size of an answer in bytes, several times the size of Slack's largest answers. */
export const MAX_BYTES: number = 32 * 1024 * 1024;

/** The functions of `node:zlib` that decompress, by encoding. */
const DECOMPRESS: ReadonlyMap<string, 'gunzip' | 'inflate' | 'brotliDecompress'> = new Map([
  ['gzip', 'gunzip'],
  ['deflate', 'inflate'],
  ['br', 'brotliDecompress'],
]);

/** Thrown if an answer is larger than the maximum size. */
export class AnswerTooLargeError extends Error {
  override readonly name = 'AnswerTooLargeError';

  /** @param maxBytes - the maximum size in bytes */
  constructor(maxBytes: number) {
    super(
      `the answer is above the maximum size of ${maxBytes} bytes: check the size of the file, the proxy and SLACK_API_URL`,
    );
  }
}

/**
 * Decompresses an answer.
 *
 * @param encoding - the `content-encoding` of the answer; the bytes of an unknown encoding are returned unchanged
 * @throws AnswerTooLargeError - the decompressed answer is larger than `maxBytes`
 */
export async function decompress(bytes: Buffer, encoding: string, maxBytes: number = MAX_BYTES): Promise<Buffer> {
  const name = DECOMPRESS.get(encoding);
  if (name === undefined) return bytes;
  // Loaded with the first answer, because a server over stdio starts faster without it.
  const { [name]: decoder } = process.getBuiltinModule('node:zlib');
  try {
    return await promisify<Buffer, ZlibOptions, Buffer>(decoder)(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error;
    throw new AnswerTooLargeError(maxBytes);
  }
}
