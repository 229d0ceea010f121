import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createAdmissionControl } from '../../src/http/admission.ts';
import { BodyRefusedError, readBody } from '../../src/http/read-body.ts';

const LIMIT = 10;

/** A body that arrives in pieces, and its result. */
function receive(announced?: number) {
  const control = createAdmissionControl({ maxInFlight: 10, maxInFlightBytes: 100 });
  const admission = control.admit();
  if (admission === undefined) throw new Error('not admitted');
  const headers = announced === undefined ? {} : { 'content-length': String(announced) };
  const stream = Object.assign(new PassThrough(), { headers });
  const result = new Promise<string>((resolve, reject) => {
    readBody(stream as unknown as IncomingMessage, { admission, limit: LIMIT }, (error, body) =>
      error === null ? resolve(String(body)) : reject(error),
    );
  });
  result.catch(() => {});
  return { control, stream, result };
}

test('accepts a body of exactly the limit, in any number of pieces', async () => {
  const { stream, result } = receive(LIMIT);
  for (const piece of ['0123', '45', '6', '789']) stream.write(piece);
  stream.end();
  expect(await result).toBe('0123456789');
});

test.each([
  ['announced', LIMIT + 1],
  ['not announced', undefined],
])('rejects a body one byte above the limit: %s', async (_name, announced) => {
  const { stream, result } = receive(announced);
  stream.end('x'.repeat(LIMIT + 1));
  await expect(result).rejects.toThrow(new BodyRefusedError('body_too_large'));
});

test('releases the bytes of a rejected body before the client has sent the rest', async () => {
  const { control, stream, result } = receive();
  stream.write('x'.repeat(LIMIT));
  await expect.poll(() => control.arrivingBytes).toBe(LIMIT);
  stream.write('x');
  await expect.poll(() => control.arrivingBytes).toBe(0);
  stream.end();
  await expect(result).rejects.toThrow(BodyRefusedError);
});
