import type { FastifyInstance } from 'fastify';
import { sendPageFile } from './docs-routes.ts';

/**
 * Answers a browser that opens `/` with a short page that lists the endpoints. All other requests to `/` are MCP
 * requests.
 *
 * @param mountPath - the path of the MCP endpoint
 */
export function addStartPage(scope: FastifyInstance, mountPath: string): void {
  const page = startPage(mountPath);
  scope.addHook('onRequest', (request, reply, done) => {
    const { method, headers } = request;
    if (method !== 'GET' || request.routeOptions.url !== '/' || !isBrowser(headers.accept)) return done();
    sendPageFile(reply, 'text/html', page);
  });
}

/** MCP clients ask for event streams, and browsers for HTML. */
function isBrowser(accept = ''): boolean {
  return /\btext\/html\b/i.test(accept) && !/\btext\/event-stream\b/i.test(accept);
}

function startPage(mountPath: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>slack-mcp</title>
<link rel="stylesheet" href="/docs/docs.css">
<main>
<h1>slack-mcp</h1>
<p>This is a Slack MCP server. Connect an MCP client to <code>${mountPath}</code>.</p>
<ul>
<li><a href="/docs">/docs</a>: the tools as plain HTTP</li>
<li><a href="/openapi.json">/openapi.json</a>: the same for programs</li>
<li><a href="/health">/health</a>: the state of each component</li>
</ul>
</main>
</html>
`;
}
