import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Admission } from '../http/admission.ts';
import { type ShapeLimits, type ShapeProblem, shapeProblem } from '../http/json-shape.ts';
import { BodyRefusedError, readBody } from '../http/read-body.ts';
import type { AccessGuard } from './access-guard.ts';
import { callerOfRequest, identifyByBody, isIdentified } from './access-hooks.ts';
import type { CallerQuotas } from './caller-quotas.ts';
import { AccessRefusedError, type Refusal, tooMany } from './refusal.ts';
import { leaseOf } from './request-lease.ts';

/** Options of `readJsonBodies`. */
export interface JsonBodiesOptions {
  readonly guard: AccessGuard;
  readonly quotas: CallerQuotas;
  /** Whether a caller may be identified by Slack's signature of the request body. Default: true. */
  readonly takesSigned?: boolean | undefined;
  /** Maximum size of a body in bytes. Default: 4 MiB. */
  readonly limit?: number | undefined;
}

/**
 * Limits on the structure of a JSON body: far above what tools need, and low enough that parsing does not block the
 * process.
 */
const SHAPE: ShapeLimits = { batch: 100, values: 20_000, depth: 100 };

/** Maximum bytes of a body whose sender is not verified yet. Slack's own client sends far smaller bodies. */
const MAX_UNVERIFIED = 256 * 1024;

/** Limits, in bytes and in milliseconds, on the incoming data that is discarded before a body is refused. */
const DISCARD_BYTES = 256 * 1024;
const DISCARD_MS = 1_000;

/**
 * Maximum bytes of an `initialize` message. The limit is low because a session keeps the client information from
 * `initialize` in memory.
 */
const MAX_INITIALIZE = 64 * 1024;

/**
 * Parses JSON bodies, in a scope with access hooks. All bodies together have one size limit, and each caller has a
 * share of this limit; the common limit applies even before the sender is known. The structure of a body is checked
 * before the body is parsed.
 */
export function readJsonBodies(scope: FastifyInstance, options: JsonBodiesOptions): void {
  const { guard, quotas, takesSigned = true, limit = 4 * 1024 * 1024 } = options;

  /**
   * Checks the caller's byte rate. If a request has a `Content-Length`, its bytes are counted before any of them are
   * stored.
   */
  function overRate(request: FastifyRequest, bytes: number): AccessRefusedError | undefined {
    const caller = isIdentified(request) ? callerOfRequest(request)?.id : undefined;
    const isCounted = caller !== undefined && bytes > 0 && bytes <= limit;
    const wait = isCounted ? (quotas.bodyBytes?.take(caller, bytes) ?? 0) : 0;
    if (wait === 0) return undefined;
    const refusal = tooMany('This caller sends too many bytes.', wait);
    return new AccessRefusedError({ ...refusal, headers: { ...refusal.headers, connection: 'close' } });
  }

  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('application/json', (request, stream, done) => {
    if (!takesSigned && !isIdentified(request)) {
      return done(new AccessRefusedError(guard.unauthorized(request.headers)));
    }
    const announced = Number(request.headers['content-length'] ?? 0);
    const tooMuch = overRate(request, announced);
    if (tooMuch !== undefined) return discard(stream, () => done(tooMuch));
    const arriving = quotas.arriving.admit();
    if (arriving === undefined) return done(new AccessRefusedError(OVERLOADED));
    const lease = leaseOf(request);
    // Until the caller is known, the body counts against no caller's share.
    const own = isIdentified(request) ? quotas.bodies.hold(callerOfRequest(request)?.id) : undefined;
    const admission: Admission = {
      take: (bytes) => (own?.grow(bytes) ?? true) && arriving.take(bytes),
      enter: () => arriving.enter(),
      release: () => {
        own?.release();
        arriving.release();
      },
      set onEvicted(onEvicted: (() => void) | undefined) {
        arriving.onEvicted = onEvicted;
      },
    };
    lease.add(admission.release);
    const most = own === undefined ? Math.min(limit, MAX_UNVERIFIED) : limit;
    readBody(stream, { admission, limit: most }, (error, bytes = Buffer.alloc(0)) => {
      if (error !== null) return done(refusalOf(error));
      arriving.enter();
      const unannounced = overRate(request, Math.max(0, bytes.length - announced));
      if (unannounced !== undefined) return done(unannounced);
      const refused = identifyByBody(request, guard, bytes);
      if (refused !== undefined) return done(refused);
      if (own === undefined) {
        const verified = quotas.bodies.take(callerOfRequest(request)?.id, bytes.length);
        if (verified === undefined) return done(new AccessRefusedError(OVERLOADED));
        lease.add(verified);
      }
      try {
        done(null, parse(request, bytes));
      } catch (error) {
        done(error as Error);
      }
    });
  });
}

/** Discards incoming data for up to one second, because a client that is still writing would not read the answer. */
function discard(stream: IncomingMessage, then: () => void): void {
  let isOver = false;
  const end = (): void => {
    clearTimeout(timer);
    if (!isOver) then();
    isOver = true;
  };
  const timer = setTimeout(end, DISCARD_MS);
  let bytes = 0;
  stream.once('end', end).on('error', end);
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > DISCARD_BYTES) end();
  });
}

/** @throws AccessRefusedError - the body is not JSON, or it exceeds the limits on its structure */
function parse({ method }: FastifyRequest, bytes: Buffer): unknown {
  // Some clients send a content type with requests that have no content.
  if (bytes.length === 0 && method !== 'POST') return undefined;
  const problem = shapeProblem(bytes, SHAPE);
  if (problem !== undefined) throw new AccessRefusedError({ ...MALFORMED, message: SHAPE_PROBLEMS[problem] });
  const body = parseJson(bytes);
  if (bytes.length > MAX_INITIALIZE && opensSession(body)) {
    throw new AccessRefusedError({
      ...TOO_LARGE,
      message: `An initialize message may have at most ${MAX_INITIALIZE} bytes.`,
    });
  }
  return body;
}

function parseJson(bytes: Buffer): unknown {
  try {
    // Some clients start with a byte order mark. The decoder removes it.
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new AccessRefusedError(NOT_JSON);
  }
}

function opensSession(body: unknown): boolean {
  return [body].flat().some((message) => (message as { method?: unknown } | null)?.method === 'initialize');
}

function refusalOf(error: Error): AccessRefusedError {
  if (!(error instanceof BodyRefusedError)) return new AccessRefusedError(INCOMPLETE);
  return new AccessRefusedError(error.reason === 'body_too_large' ? TOO_LARGE : OVERLOADED);
}

const NOT_JSON: Refusal = {
  status: 400,
  code: 'bad_request',
  message: 'Parse error: the body is not valid JSON.',
  headers: {},
  rpcCode: -32700,
};

const MALFORMED: Refusal = { status: 400, code: 'invalid_request', message: '', headers: {}, rpcCode: -32600 };

const SHAPE_PROBLEMS: Readonly<Record<ShapeProblem, string>> = {
  batch: `A batch may have at most ${SHAPE.batch} messages.`,
  values: `A body may have at most ${SHAPE.values} values.`,
  depth: `The values in a body may be nested at most ${SHAPE.depth} levels deep.`,
};

const INCOMPLETE: Refusal = {
  status: 400,
  code: 'body_incomplete',
  message: 'The body ended before it was complete.',
  headers: { connection: 'close' },
};

const TOO_LARGE: Refusal = {
  status: 413,
  code: 'body_too_large',
  message: 'The body is larger than this server accepts.',
  headers: { connection: 'close' },
};

const OVERLOADED: Refusal = {
  status: 503,
  code: 'overloaded',
  message: 'Too many requests are being read or answered. Try again in 1 s.',
  headers: { 'retry-after': '1', connection: 'close' },
};
