import { createRequire } from 'node:module';
import type { Context } from '@opentelemetry/api';

/** Options of {@link traced}. */
export interface TracedOptions {
  /** The role of this process: `server` and `consumer` begin work that another process asked for. */
  readonly kind: 'server' | 'producer' | 'consumer' | 'client';
  readonly attributes?: Readonly<Record<string, string>>;
  /** The headers of the request or message that asked for the work, in the form of W3C Trace Context. */
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** A span that is active while its work runs. */
export interface ActiveSpan {
  /** Marks the work as failed. `type` is a code or the name of an error, and never a text that could quote a message. */
  fail(type: string): void;
}

type Api = typeof import('@opentelemetry/api');

/**
 * The key of the global object in which OpenTelemetry stores what an SDK registers (`internal/global-utils.ts` of
 * `@opentelemetry/api`).
 */
const REGISTRY = Symbol.for('opentelemetry.js.api.1');

const UNTRACED: ActiveSpan = { fail: () => {} };

/**
 * Runs work in a span of OpenTelemetry, and marks the span as failed if the work rejects. Spans that begin during the
 * work become its children. Without OpenTelemetry in the application, creates no span.
 */
export function traced<T>(name: string, options: TracedOptions, work: (span: ActiveSpan) => Promise<T>): Promise<T> {
  const api = registeredApi();
  // Not an async function, so that untraced work costs nothing.
  return api === undefined ? work(UNTRACED) : inSpan(api, name, options, work);
}

async function inSpan<T>(
  api: Api,
  name: string,
  { kind, attributes = {}, headers }: TracedOptions,
  work: (span: ActiveSpan) => Promise<T>,
): Promise<T> {
  const { SpanKind, SpanStatusCode, trace } = api;
  const kinds = {
    server: SpanKind.SERVER,
    producer: SpanKind.PRODUCER,
    consumer: SpanKind.CONSUMER,
    client: SpanKind.CLIENT,
  };
  const options = { kind: kinds[kind], attributes };
  return trace.getTracer('slack-mcp').startActiveSpan(name, options, parentOf(api, headers), async (span) => {
    const fail = (type: string): void => {
      span.setAttribute('error.type', type);
      span.setStatus({ code: SpanStatusCode.ERROR });
    };
    try {
      return await work({ fail });
    } catch (error) {
      fail(errorType(error));
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Adds the active trace to the headers of a message, in the form of W3C Trace Context. */
export function injectTrace(headers: Record<string, string>): void {
  const api = registeredApi();
  api?.propagation.inject(api.context.active(), headers);
}

/**
 * Returns the context for the parent of a new span: the active span, for example of an HTTP instrumentation, otherwise
 * the trace in the headers.
 */
function parentOf({ context, propagation, trace }: Api, headers: TracedOptions['headers']): Context {
  const active = context.active();
  return headers === undefined || trace.getSpan(active) !== undefined ? active : propagation.extract(active, headers);
}

/** Returns the code or the name of an error, but not its message, which may quote the text of a Slack message. */
function errorType(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { slackError, code } = error as { slackError?: unknown; code?: unknown };
  return [slackError, code].find((value) => typeof value === 'string') ?? error.name;
}

/** Returns the API of OpenTelemetry after an SDK has registered. Processes without an SDK never load the API. */
function registeredApi(): Api | undefined {
  return REGISTRY in globalThis ? loadApi() : undefined;
}

/** Loads the API that the application has installed, if any. An import would fail without OpenTelemetry. */
const loadApi: () => Api | undefined = once(() => {
  try {
    return createRequire(import.meta.url)('@opentelemetry/api') as Api;
  } catch {
    return undefined;
  }
});

/** Returns a function that calls another function once, and returns its result from then on. */
function once<T>(produce: () => T): () => T {
  let result: { readonly value: T } | undefined;
  return () => {
    result ??= { value: produce() };
    return result.value;
  };
}
