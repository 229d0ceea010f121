import { readConsoleFiles } from './console-files.ts';

/** A request of Fastify. */
interface HttpRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A reply of Fastify. */
interface HttpReply {
  code(status: number): HttpReply;
  headers(values: Readonly<Record<string, string>>): HttpReply;
  send(body?: unknown): unknown;
}

/** The method of a Fastify application that {@link mountConsole} uses. */
export interface ConsoleHttpApp {
  // A method, because TypeScript compares the parameters of methods bivariantly.
  route(options: never): unknown;
}

/**
 * The headers of every response. With them, the page loads only its own files, runs no inline script, cannot be framed,
 * and sends nothing to another origin. A form cannot be submitted, so a key that is typed into the page never becomes
 * part of a URL.
 */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  // A browser asks each time, so that an upgrade never mixes old and new files.
  'cache-control': 'no-cache',
};

/**
 * Adds the console at `/console` to a scope of a Fastify application that has the operations API. The files contain no
 * data, so a browser can load them without a key. The page asks for a key and sends it only to the operations API.
 */
export function mountConsole(app: ConsoleHttpApp): void {
  for (const { path, type, content, etag } of readConsoleFiles()) {
    const isPage = path === 'index.html';
    const handler = async (request: HttpRequest, reply: HttpReply): Promise<unknown> => {
      reply.headers({ ...HEADERS, etag });
      // The page refers to its files and to the API with relative URLs, so that it works below any path of a proxy.
      if (isPage && /^[^?]*\/(\?|$)/.test(request.url))
        return reply.code(308).headers({ location: '../console' }).send();
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      return reply.headers({ 'content-type': type }).send(content);
    };
    app.route({ method: 'GET', url: isPage ? '/console' : `/console/${path}`, handler } as never);
  }
}
