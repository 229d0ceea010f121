import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
  type ServerResult,
} from '@modelcontextprotocol/sdk/types.js';
import { callerOf } from '../access/caller.ts';
import type { McpService, RequestHandlers } from './mcp-service.ts';

const SCHEMAS = {
  'tools/list': ListToolsRequestSchema,
  'tools/call': CallToolRequestSchema,
  'prompts/list': ListPromptsRequestSchema,
  'prompts/get': GetPromptRequestSchema,
  'resources/list': ListResourcesRequestSchema,
  'resources/templates/list': ListResourceTemplatesRequestSchema,
  'resources/read': ReadResourceRequestSchema,
} as const satisfies Record<keyof RequestHandlers, unknown>;

/** Serves through version 1 of the MCP SDK: revisions up to 2025-11-25. One server is one session. */
export function createSdkServer({ info, capabilities, instructions, handlers }: McpService): Server {
  const server = new Server(info, { capabilities, instructions });
  const handle = <M extends keyof RequestHandlers>(method: M, handler: RequestHandlers[M]) => {
    server.setRequestHandler(
      SCHEMAS[method],
      async ({ params }, { signal, authInfo, _meta }) =>
        (await handler(params as never, { signal, caller: callerOf(authInfo, _meta) })) as ServerResult,
    );
  };
  for (const [method, handler] of Object.entries(handlers)) handle(method as keyof RequestHandlers, handler);
  return server;
}
