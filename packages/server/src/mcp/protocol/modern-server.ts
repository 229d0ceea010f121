import { type HandlerResultTypeMap, LOG_LEVEL_META_KEY, Server } from '@modelcontextprotocol/server';
import { openNotices } from './call-notices.ts';
import { callerOf, selectionOf } from './caller-info.ts';
import type { ClientLogLevel } from './client-log.ts';
import { openInputRound } from './input-round.ts';
import type { McpService, RequestHandlers } from './mcp-service.ts';
import type { ListClient } from './service-lists.ts';

const LIST_HINT = { ttlMs: 5 * 60_000, cacheScope: 'private' } as const;

/**
 * How long clients may cache lists. The cache is private because lists depend on the caller. Content from Slack has no
 * cache hint, because the content can change at any time.
 */
const CACHE_HINTS = {
  'server/discover': LIST_HINT,
  'tools/list': LIST_HINT,
  'prompts/list': LIST_HINT,
  'resources/list': LIST_HINT,
  'resources/templates/list': LIST_HINT,
} as const;

/**
 * Creates a server for revision 2026-07-28, with version 2 of the MCP SDK. One server handles a single HTTP request, or
 * a single stdio connection.
 *
 * @param options - `subscribe`: whether clients can subscribe to resource changes; `client`: who sends the request
 */
export function createModernServer(
  service: McpService,
  { subscribe, client }: { subscribe: boolean; client: ListClient },
): Server {
  const { info, capabilities, handlers } = service;
  const server = new Server(info, {
    capabilities: { ...capabilities, resources: subscribe ? { subscribe } : {}, logging: {} },
    instructions: service.instructionsFor(client),
    cacheHints: CACHE_HINTS,
  });
  const handle = <M extends keyof RequestHandlers>(method: M, handler: RequestHandlers[M]) => {
    server.setRequestHandler(method, async ({ params }, call) => {
      const { mcpReq, http } = call;
      const round = openInputRound(call);
      const notices = openNotices({
        send: (notice) => mcpReq.notify(notice),
        progressToken: mcpReq._meta?.progressToken,
        logLevel: (mcpReq.envelope as Record<string, ClientLogLevel> | undefined)?.[LOG_LEVEL_META_KEY],
      });
      try {
        const context = {
          signal: mcpReq.signal,
          caller: callerOf(http?.authInfo),
          narrowing: selectionOf(http?.authInfo),
          reports: notices,
          ask: round.ask,
        };
        const result = await handler(params as never, context);
        return (round.pending() ?? result) as HandlerResultTypeMap[M];
      } finally {
        notices.end();
      }
    });
  };
  for (const [method, handler] of Object.entries(handlers)) handle(method as keyof RequestHandlers, handler);
  return server;
}
