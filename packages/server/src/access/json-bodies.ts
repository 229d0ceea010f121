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
  /** Whether Slack's signature over the body may say who sends it. Default true. */
  readonly takesSigned?: boolean | undefined;
  /** Bytes of a body. Default 4 MiB. */
  readonly limit?: number | undefined;
}

/** Far above what tools take, far below what keeps the process from all else while it is read. */
const SHAPE: ShapeLimits = { batch: 100, values: 20_000, depth: 100 };

/** Bytes of a body of which it is not known who sends it: far above what Slack's own client sends. */
const MAX_UNVERIFIED = 256 * 1024;

/** How much of a body is thrown away before it is refused, and for how many milliseconds. */
const DISCARD_BYTES = 256 * 1024;
const DISCARD_MS = 1_000;

/** Bytes of a message that opens a session: what it says of its client is kept as long as the session is. */
const MAX_INITIALIZE = 64 * 1024;

/**
 * Reads bodies as JSON, in a scope with access hooks. All bodies together have one bound, those of each caller a share of
 * it, also before it is known who sends them; how a body is built is looked at before it is read.
 */
export function readJsonBodies(scope: FastifyInstance, options: JsonBodiesOptions): void {
  const { guard, quotas, takesSigned = true, limit = 4 * 1024 * 1024 } = options;

  /** Before a byte is kept, where it is announced how many there are. */
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
    // Before it is known who sends it there is no caller whose share it is.
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

/** Throws away what comes, for a moment: a client that is still writing would not read the answer. */
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

/** @throws AccessRefusedError - it is not JSON, or not built as a message may be */
function parse({ method }: FastifyRequest, bytes: Buffer): unknown {
  // Some clients name a content type on requests without content.
  if (bytes.length === 0 && method !== 'POST') return undefined;
  const problem = shapeProblem(bytes, SHAPE);
  if (problem !== undefined) throw new AccessRefusedError({ ...MALFORMED, message: SHAPE_PROBLEMS[problem] });
  const body = parseJson(bytes);
  if (bytes.length > MAX_INITIALIZE && opensSession(body)) {
    throw new AccessRefusedError({ ...TOO_LARGE, message: `initialize may have ${MAX_INITIALIZE} bytes at most.` });
  }
  return body;
}

function parseJson(bytes: Buffer): unknown {
  try {
    // Some clients begin with a byte order mark, which is no part of the text: the decoder leaves it out.
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
  message: 'Parse error: the body is not JSON.',
  headers: {},
  rpcCode: -32700,
};

const MALFORMED: Refusal = { status: 400, code: 'invalid_request', message: '', headers: {}, rpcCode: -32600 };

const SHAPE_PROBLEMS: Readonly<Record<ShapeProblem, string>> = {
  batch: `A batch has ${SHAPE.batch} messages at most.`,
  values: `A body holds ${SHAPE.values} values at most.`,
  depth: `Values of a body stand at most ${SHAPE.depth} deep in each other.`,
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
  message: 'The body is larger than this server takes.',
  headers: { connection: 'close' },
};

const OVERLOADED: Refusal = {
  status: 503,
  code: 'overloaded',
  message: 'Too many bodies are being read or answered. Send it again in a second.',
  headers: { 'retry-after': '1', connection: 'close' },
};
