import type { FastifyInstance, FastifyReply } from 'fastify';
import { DOCS_PAGE, DOCS_SCRIPT, DOCS_STYLE } from './docs-page.ts';

/** The page loads only files of this server, and runs no inline code. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Sends a page or one of its files, with headers that restrict what the page may do. */
export function sendPageFile(reply: FastifyReply, type: string, text: string): FastifyReply {
  return reply
    .headers({
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    })
    .type(`${type}; charset=utf-8`)
    .send(text);
}

/**
 * Adds the page `GET /docs`, which shows `/openapi.json` in a browser. The page itself is public; it asks for the key
 * that the document needs.
 */
export async function docsRoutes(scope: FastifyInstance): Promise<void> {
  const config = { isPublic: true };
  scope.get('/docs', { config }, async (_request, reply) => sendPageFile(reply, 'text/html', DOCS_PAGE));
  scope.get('/docs/docs.js', { config }, async (_request, reply) =>
    sendPageFile(reply, 'text/javascript', DOCS_SCRIPT),
  );
  scope.get('/docs/docs.css', { config }, async (_request, reply) => sendPageFile(reply, 'text/css', DOCS_STYLE));
}
