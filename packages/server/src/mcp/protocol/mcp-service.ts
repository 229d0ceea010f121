import type { CallReports } from '../../tools/call-reports.ts';
import type { AskPerson } from '../../tools/confirm.ts';
import type { ToolDescription } from '../../tools/define-tool.ts';
import { nearestNames } from '../../tools/directory/nearest-names.ts';
import { type Narrowing, NarrowingError } from '../../tools/narrowing.ts';
import type { ToolResult } from '../../tools/tool-result.ts';
import { UnknownToolError } from '../../tools/unknown-tool-error.ts';
import type { CallOrigin } from '../../tools/workspaces/workspaces.ts';
import type { Complete, Completion, CompletionRequest } from '../completions/complete.ts';
import type { Prompt, PromptDescription } from '../prompts/prompt.ts';
import type { ResourceDescription } from '../resources/resource.ts';
import type { ResourceContent, ResourceReader, ResourceTemplateDescription } from '../resources/resource-reader.ts';
import { RequestError } from './request-error.ts';
import { createServiceLists, type ListClient, type ServiceListsOptions } from './service-lists.ts';

/** A request in progress. */
export interface RequestContext extends Pick<CallOrigin, 'caller'> {
  /** Aborted when the client cancels the request or disconnects. */
  readonly signal: AbortSignal;
  /** Reports progress and log messages to the client while the request is in progress. */
  readonly reports?: CallReports | undefined;
  /** The request's own selection of tools; absent if the request selects no tools. */
  readonly narrowing?: Narrowing | undefined;
  /** Asks the person who uses the client; absent if the client does not support questions. */
  readonly ask?: AskPerson | undefined;
}

/**
 * Request handlers by method, for every revision of the protocol. Handlers receive checked parameters.
 *
 * @throws RequestError - the request fails; the client receives the code and the message of the error
 */
export interface RequestHandlers {
  'tools/list'(params: ListParams, context: RequestContext): ListOf<'tools', ToolDescription>;
  'tools/call'(
    params: { name: string; arguments?: Record<string, unknown> | undefined },
    context: RequestContext,
  ): Promise<ToolResult>;
  'prompts/list'(params: ListParams, context: RequestContext): ListOf<'prompts', PromptDescription>;
  'prompts/get'(
    params: { name: string; arguments?: Record<string, string> | undefined },
    context: RequestContext,
  ): {
    description: string;
    messages: readonly { role: 'user'; content: { type: 'text'; text: string } }[];
  };
  'resources/list'(params: ListParams, context: RequestContext): ListOf<'resources', ResourceDescription>;
  'resources/templates/list'(
    params: ListParams,
    context: RequestContext,
  ): ListOf<'resourceTemplates', ResourceTemplateDescription>;
  'resources/read'(params: { uri: string }, context: RequestContext): Promise<{ contents: readonly ResourceContent[] }>;
  'completion/complete'(params: CompletionRequest, context: RequestContext): Promise<{ completion: Completion }>;
}

type ListParams = { readonly cursor?: string | undefined } | undefined;
type ListOf<Member extends string, Item> = Readonly<Record<Member, readonly Item[]>> & { readonly nextCursor?: string };

/** The tools, prompts and resources of a server, described independently of the SDK and the protocol revision. */
export interface McpService {
  readonly info: { readonly name: string; readonly title: string; readonly version: string };
  /** Returns the instructions for the model of a client, which name only tools that the client sees. */
  instructionsFor(client: ListClient): string;
  readonly capabilities: Readonly<Record<'tools' | 'prompts' | 'resources' | 'completions', Record<string, never>>>;
  readonly handlers: RequestHandlers;
  readonly reader: ResourceReader;
}

/** The tools, prompts and resources to serve. */
export interface McpServiceOptions extends ServiceListsOptions {
  version: string;
  complete: Complete;
}

/** Creates a service from tools, prompts and resources. Each list is built once, when it is first requested. */
export function createMcpService(options: McpServiceOptions): McpService {
  const { version, tools, reader, complete } = options;
  const listsFor = createServiceLists(options);
  return {
    info: { name: 'slack-mcp', title: 'Slack', version },
    instructionsFor(client) {
      try {
        return listsFor(client).instructions();
      } catch (error) {
        // The requests of the client report that its selection is wrong.
        if (error instanceof RequestError) return tools.instructions;
        throw error;
      }
    },
    capabilities: { tools: {}, prompts: {}, resources: {}, completions: {} },
    reader,
    handlers: {
      'tools/list': (params, context) => listsFor(context).tools(params?.cursor),
      async 'tools/call'(params, context) {
        try {
          return await tools.callTool(params.name, params.arguments, context);
        } catch (error) {
          const isWrongName = error instanceof UnknownToolError || error instanceof NarrowingError;
          throw isWrongName ? new RequestError('invalidParams', error.message) : error;
        }
      },
      'prompts/list': (params, context) => listsFor(context).prompts(params?.cursor),
      'prompts/get'(params, context) {
        const prompts = listsFor(context).allPrompts();
        const prompt = prompts.find(({ name }) => name === params.name);
        if (prompt === undefined) throw unknownPrompt(params.name, prompts);
        const text = prompt.render(params.arguments ?? {});
        return { description: prompt.description, messages: [{ role: 'user', content: { type: 'text', text } }] };
      },
      'resources/list': (params, context) => listsFor(context).resources(params?.cursor),
      'resources/templates/list': (params, context) => listsFor(context).templates(params?.cursor),
      'resources/read': async ({ uri }, context) => ({ contents: [await reader.read(uri, context)] }),
      'completion/complete': async (params, context) => ({ completion: await complete(params, context) }),
    },
  };
}

function unknownPrompt(name: string, prompts: readonly Prompt[]): RequestError {
  const known = prompts.map((prompt) => prompt.name);
  const [nearest] = nearestNames(name.slice(0, 100), known, 1);
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  const list = known.length === 0 ? '' : ` Prompts: ${known.join(', ')}.`;
  return new RequestError('invalidParams', `Unknown prompt: ${JSON.stringify(name.slice(0, 200))}.${hint}${list}`);
}
