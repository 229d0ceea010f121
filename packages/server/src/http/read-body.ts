import type { IncomingMessage } from 'node:http';
import type { Admission } from './admission.ts';

/** Thrown for a body that exceeds a size limit and is not read completely. */
export class BodyRefusedError extends Error {
  override readonly name: string = 'BodyRefusedError';
  readonly reason: 'body_too_large' | 'overloaded';

  constructor(reason: 'body_too_large' | 'overloaded') {
    super(reason);
    this.reason = reason;
  }
}

/** Thrown for a body whose sender disconnected or was too slow. */
export class BodyIncompleteError extends Error {
  override readonly name: string = 'BodyIncompleteError';
  readonly code: string;

  constructor(cause: NodeJS.ErrnoException) {
    super('the body ended before it was complete', { cause });
    this.code = cause.code ?? 'unknown';
  }
}

/** Milliseconds for which incoming data is discarded before a body is refused. */
const DISCARD_MS = 1_000;

/**
 * Reads a body unchanged and counts its bytes as they arrive. The callback `done` is called exactly once. Before a body
 * is refused, up to `limit` further bytes are discarded, because a client that is still writing would not read the
 * answer.
 *
 * @param limit - maximum size in bytes
 */
export function readBody(
  stream: IncomingMessage,
  { admission, limit }: { admission: Admission; limit: number },
  done: (error: Error | null, body?: Buffer) => void,
): void {
  let first: Buffer | undefined;
  let more: Buffer[] | undefined;
  let length = 0;
  let refused: BodyRefusedError | undefined;
  let timer: NodeJS.Timeout | undefined;

  const onData = (chunk: Buffer): void => {
    length += chunk.length;
    if (refused !== undefined) {
      if (length > 2 * limit) end(refused);
    } else if (length > limit) refuse('body_too_large');
    else if (admission.take(chunk.length)) keep(chunk);
    else refuse('overloaded');
  };
  const onEnd = (): void => (refused === undefined ? end(null, body()) : end(refused));
  const onError = (error: Error): void => end(new BodyIncompleteError(error));

  // Nearly all bodies from Slack arrive in one chunk.
  function keep(chunk: Buffer): void {
    if (first === undefined) first = chunk;
    else if (more === undefined) more = [first, chunk];
    else more.push(chunk);
  }

  function body(): Buffer {
    return more === undefined ? (first ?? Buffer.alloc(0)) : Buffer.concat(more, length);
  }

  function refuse(reason: BodyRefusedError['reason']): void {
    if (refused !== undefined) return;
    refused = new BodyRefusedError(reason);
    first = undefined;
    more = undefined;
    admission.release();
    timer = setTimeout(end, DISCARD_MS, refused);
  }

  function end(error: Error | null, body?: Buffer): void {
    clearTimeout(timer);
    admission.onEvicted = undefined;
    stream.off('data', onData).off('end', onEnd).off('error', onError);
    // The rest is discarded.
    if (error !== null) stream.on('error', () => {}).resume();
    done(error, body);
  }

  admission.onEvicted = () => refuse('overloaded');
  stream.on('data', onData).on('end', onEnd).on('error', onError);
  if (Number(stream.headers['content-length'] ?? 0) > limit) refuse('body_too_large');
}
