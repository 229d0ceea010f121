import { SlackError } from '../../slack/slack-error.ts';
import { mayWrite } from '../access/caller.ts';
import type { ToolDescription } from '../define-tool.ts';
import { INSTRUCTIONS } from '../instructions.ts';
import type { McpHost } from '../mcp-host.ts';
import type { Prompt } from '../prompts/prompt.ts';
import type { Resource } from '../resources/resource.ts';
import { describeSlackError, type ToolResult } from '../tool-result.ts';
import { UnknownToolError } from '../unknown-tool-error.ts';
import type { CallOrigin, Workspaces } from '../workspaces/workspaces.ts';
import { RequestError } from './request-error.ts';

/** A request that is being answered. */
export interface RequestContext extends Pick<CallOrigin, 'caller'> {
  /** Aborted when the client cancels the request, or goes away. */
  readonly signal: AbortSignal;
}

/**
 * Answers requests by their methods, as every revision of the protocol has them. The SDK has checked the parameters.
 *
 * @throws RequestError which the client is answered
 */
export interface RequestHandlers {
  'tools/list'(params: unknown, context: RequestContext): { tools: readonly ToolDescription[] };
  'tools/call'(
    params: { name: string; arguments?: Record<string, unknown> | undefined },
    context: RequestContext,
  ): Promise<ToolResult>;
  'prompts/list'(params: unknown, context: RequestContext): { prompts: readonly Omit<Prompt, 'tool' | 'render'>[] };
  'prompts/get'(params: { name: string; arguments?: Record<string, string> | undefined }): {
    description: string;
    messages: readonly { role: 'user'; content: { type: 'text'; text: string } }[];
  };
  'resources/list'(): { resources: readonly Omit<Resource, 'read'>[] };
  'resources/templates/list'(): { resourceTemplates: readonly never[] };
  'resources/read'(
    params: { uri: string },
    context: RequestContext,
  ): Promise<{ contents: readonly { uri: string; mimeType: string; text: string }[] }>;
}

/** All that a server says, whichever SDK carries it: one description for every revision of the protocol. */
export interface McpService {
  readonly info: { readonly name: string; readonly title: string; readonly version: string };
  readonly instructions: string;
  readonly capabilities: { readonly tools: object; readonly prompts: object; readonly resources: object };
  readonly handlers: RequestHandlers;
}

/** What is served. */
export interface McpServiceOptions {
  version: string;
  tools: readonly ToolDescription[];
  callTool: McpHost['callTool'];
  prompts: readonly Prompt[];
  resources: readonly Resource[];
  workspaces: Workspaces;
}

/** Describes the tools, prompts and resources as a service. Lists are built here, once. */
export function createMcpService(options: McpServiceOptions): McpService {
  const { version, tools, callTool, prompts, resources, workspaces } = options;
  const all = listsOf(tools, prompts);
  const reading = listsOf(
    tools.filter(({ annotations }) => annotations.readOnlyHint),
    prompts,
  );
  const lists = {
    resources: { resources: resources.map(({ read: _read, ...description }) => description) },
    templates: { resourceTemplates: [] },
  };
  return {
    info: { name: 'slack-mcp', title: 'Slack', version },
    instructions: INSTRUCTIONS,
    capabilities: { tools: {}, prompts: {}, resources: {} },
    handlers: {
      'tools/list': (_params, { caller }) => (mayWrite(caller) ? all : reading).tools,
      async 'tools/call'(params, context) {
        try {
          return await callTool(params.name, params.arguments, context);
        } catch (error) {
          throw error instanceof UnknownToolError ? new RequestError('invalidParams', error.message) : error;
        }
      },
      'prompts/list': (_params, { caller }) => (mayWrite(caller) ? all : reading).prompts,
      'prompts/get'(params) {
        const prompt = prompts.find(({ name }) => name === params.name);
        if (prompt === undefined) throw new RequestError('invalidParams', `Unknown prompt: ${shown(params.name)}.`);
        const text = prompt.render(params.arguments ?? {});
        return { description: prompt.description, messages: [{ role: 'user', content: { type: 'text', text } }] };
      },
      'resources/list': () => lists.resources,
      'resources/templates/list': () => lists.templates,
      async 'resources/read'(params, { signal, caller }) {
        const resource = resources.find(({ uri }) => uri === params.uri);
        if (resource === undefined)
          throw new RequestError('resourceNotFound', `Unknown resource: ${shown(params.uri)}.`);
        try {
          const text = await resource.read({ workspaces, caller, signal });
          return { contents: [{ uri: resource.uri, mimeType: resource.mimeType, text }] };
        } catch (error) {
          throw error instanceof SlackError ? new RequestError('internalError', describeSlackError(error)) : error;
        }
      },
    },
  };
}

/** What is listed: tools, and the prompts that show how to use them. */
function listsOf(tools: readonly ToolDescription[], prompts: readonly Prompt[]) {
  const names = new Set(tools.map(({ name }) => name));
  const shownPrompts = prompts.filter(({ tool }) => names.has(tool));
  return {
    tools: { tools },
    prompts: { prompts: shownPrompts.map(({ tool: _tool, render: _render, ...description }) => description) },
  };
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 200));
}
