import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  type ListToolsResult,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { SlackError } from '../../slack/slack-error.ts';
import type { ToolDescription } from '../define-tool.ts';
import { INSTRUCTIONS } from '../instructions.ts';
import type { McpHost } from '../mcp-host.ts';
import type { Prompt } from '../prompts/prompt.ts';
import type { Resource } from '../resources/resource.ts';
import { describeSlackError } from '../tool-result.ts';
import { UnknownToolError } from '../unknown-tool-error.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';

/** What a session is served. */
export interface SdkServerOptions {
  version: string;
  tools: readonly ToolDescription[];
  callTool: McpHost['callTool'];
  prompts: readonly Prompt[];
  resources: readonly Resource[];
  workspaces: Workspaces;
}

/** The code that the protocol has for a resource that does not exist, up to revision 2025-11-25. */
const RESOURCE_NOT_FOUND = -32002;

/** Serves the registry through version 1 of the MCP SDK: revisions up to 2025-11-25. One server is one session. */
export function createSdkServer(options: SdkServerOptions): Server {
  const { version, tools, callTool, prompts, resources, workspaces } = options;
  const server = new Server(
    { name: 'slack-mcp', title: 'Slack', version },
    { capabilities: { tools: {}, prompts: {}, resources: {} }, instructions: INSTRUCTIONS },
  );

  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }) as unknown as ListToolsResult);
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }) => {
    try {
      return (await callTool(params.name, params.arguments, { signal })) as CallToolResult;
    } catch (error) {
      throw error instanceof UnknownToolError ? protocolError(ErrorCode.InvalidParams, error.message) : error;
    }
  });

  server.setRequestHandler(ListPromptsRequestSchema, () => ({
    prompts: prompts.map(({ name, title, description, arguments: args }) => ({
      name,
      title,
      description,
      arguments: [...args],
    })),
  }));
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) => {
    const prompt = prompts.find(({ name }) => name === params.name);
    if (prompt === undefined) throw protocolError(ErrorCode.InvalidParams, `Unknown prompt: ${shown(params.name)}.`);
    const text = prompt.render(params.arguments ?? {});
    return { description: prompt.description, messages: [{ role: 'user', content: { type: 'text', text } }] };
  });

  server.setRequestHandler(ListResourcesRequestSchema, () => ({
    resources: resources.map(({ read: _read, ...description }) => description),
  }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: [] }));
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params }, { signal }) => {
    const resource = resources.find(({ uri }) => uri === params.uri);
    if (resource === undefined) throw protocolError(RESOURCE_NOT_FOUND, `Unknown resource: ${shown(params.uri)}.`);
    try {
      const { slack } = await workspaces.of({});
      const text = await resource.read({ slack, signal });
      return { contents: [{ uri: resource.uri, mimeType: resource.mimeType, text }] };
    } catch (error) {
      throw error instanceof SlackError ? protocolError(ErrorCode.InternalError, describeSlackError(error)) : error;
    }
  });
  return server;
}

/** An error that the SDK answers with this code, and with the message as it is. */
function protocolError(code: number, message: string): Error {
  return Object.assign(new Error(message), { code });
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 200));
}
