import type { IncomingMessage } from 'node:http';
import type { Admission } from './admission.ts';

/** A body that was not read to its end. */
export class BodyRefusedError extends Error {
  override readonly name: string = 'BodyRefusedError';
  readonly reason: 'body_too_large' | 'overloaded';

  constructor(reason: 'body_too_large' | 'overloaded') {
    super(reason);
    this.reason = reason;
  }
}

/**
 * Reads a body as it came, counting its bytes as they come. `done` is called once.
 *
 * @param limit - largest body in bytes
 */
export function readBody(
  stream: IncomingMessage,
  { admission, limit }: { admission: Admission; limit: number },
  done: (error: Error | null, body?: Buffer) => void,
): void {
  const announced = Number(stream.headers['content-length'] ?? 0);
  if (announced > limit) {
    done(new BodyRefusedError('body_too_large'));
    return;
  }
  const chunks: Buffer[] = [];
  let length = 0;

  const onData = (chunk: Buffer): void => {
    length += chunk.length;
    if (length > limit) end(new BodyRefusedError('body_too_large'));
    else if (admission.take(chunk.length)) chunks.push(chunk);
    else end(new BodyRefusedError('overloaded'));
  };
  const onEnd = (): void => end(null, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length));
  const onError = (error: Error): void => end(Object.assign(error, { statusCode: 400 }));

  function end(error: Error | null, body?: Buffer): void {
    stream.off('data', onData).off('end', onEnd).off('error', onError);
    // What nobody listens to is not kept.
    if (error !== null) stream.on('error', () => {}).resume();
    done(error, body);
  }

  stream.on('data', onData).on('end', onEnd).on('error', onError);
}
