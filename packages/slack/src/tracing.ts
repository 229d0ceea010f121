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
 * The name of the global in which the API of OpenTelemetry keeps what SDKs have registered
 * (`internal/global-utils.ts` of `@opentelemetry/api`).
 */
const REGISTRY = Symbol.for('opentelemetry.js.api.1');

const UNTRACED: ActiveSpan = { fail: () => {} };

/**
 * Runs work in a span of OpenTelemetry, and marks the span as failed if the work rejects. Spans of work that this work
 * starts become children. Without OpenTelemetry in the application, only runs the work.
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

/** The trace in the headers. A span that is active already, such as that of an HTTP instrumentation, has precedence. */
function parentOf({ context, propagation, trace }: Api, headers: TracedOptions['headers']): Context {
  const active = context.active();
  return headers === undefined || trace.getSpan(active) !== undefined ? active : propagation.extract(active, headers);
}

/** The code or the name of an error. Its message may quote the text of a Slack message. */
function errorType(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { slackError, code } = error as { slackError?: unknown; code?: unknown };
  return [slackError, code].find((value) => typeof value === 'string') ?? error.name;
}

/** Loads the API once an SDK has registered, so that processes without an SDK neither load nor run it. */
function registeredApi(): Api | undefined {
  return REGISTRY in globalThis ? loadApi() : undefined;
}

/** Not imported, because the application decides whether OpenTelemetry is installed, and in which version. */
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
