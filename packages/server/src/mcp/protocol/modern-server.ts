import { type HandlerResultTypeMap, Server } from '@modelcontextprotocol/server';
import { callerOf } from '../access/caller.ts';
import type { McpService, RequestHandlers } from './mcp-service.ts';

/** Serves through version 2 of the MCP SDK: revision 2026-07-28. One server is one request, or one connection of stdio. */
export function createModernServer({ info, capabilities, instructions, handlers }: McpService): Server {
  const server = new Server(info, { capabilities, instructions });
  const handle = <M extends keyof RequestHandlers>(method: M, handler: RequestHandlers[M]) => {
    server.setRequestHandler(
      method,
      async ({ params }, { mcpReq, http }) =>
        (await handler(params as never, {
          signal: mcpReq.signal,
          caller: callerOf(http?.authInfo, mcpReq._meta),
        })) as HandlerResultTypeMap[M],
    );
  };
  for (const [method, handler] of Object.entries(handlers)) handle(method as keyof RequestHandlers, handler);
  return server;
}
