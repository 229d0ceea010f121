import type { CallReports } from '../../tools/call-reports.ts';
import { mayWrite } from '../../tools/caller.ts';
import type { AskPerson } from '../../tools/confirm.ts';
import type { ToolDescription } from '../../tools/define-tool.ts';
import { type Narrowing, NarrowingError } from '../../tools/narrowing.ts';
import type { ToolResult } from '../../tools/tool-result.ts';
import type { ToolService } from '../../tools/tool-service.ts';
import { UnknownToolError } from '../../tools/unknown-tool-error.ts';
import type { CallOrigin } from '../../tools/workspaces/workspaces.ts';
import type { Complete, Completion, CompletionRequest } from '../completions/complete.ts';
import type { Prompt } from '../prompts/prompt.ts';
import type { Resource } from '../resources/resource.ts';
import type { ResourceContent, ResourceReader, ResourceTemplateDescription } from '../resources/resource-reader.ts';
import { listPages } from './list-pages.ts';
import { RequestError } from './request-error.ts';

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
  'prompts/list'(params: ListParams, context: RequestContext): ListOf<'prompts', Omit<Prompt, 'tool' | 'render'>>;
  'prompts/get'(params: { name: string; arguments?: Record<string, string> | undefined }): {
    description: string;
    messages: readonly { role: 'user'; content: { type: 'text'; text: string } }[];
  };
  'resources/list'(params: ListParams): ListOf<'resources', Omit<Resource, 'read'>>;
  'resources/templates/list'(params: ListParams): ListOf<'resourceTemplates', ResourceTemplateDescription>;
  'resources/read'(params: { uri: string }, context: RequestContext): Promise<{ contents: readonly ResourceContent[] }>;
  'completion/complete'(params: CompletionRequest, context: RequestContext): Promise<{ completion: Completion }>;
}

type ListParams = { readonly cursor?: string | undefined } | undefined;
type ListOf<Member extends string, Item> = Readonly<Record<Member, readonly Item[]>> & { readonly nextCursor?: string };

/** The tools, prompts and resources of a server, described independently of the SDK and the protocol revision. */
export interface McpService {
  readonly info: { readonly name: string; readonly title: string; readonly version: string };
  readonly instructions: string;
  readonly capabilities: Readonly<Record<'tools' | 'prompts' | 'resources' | 'completions', Record<string, never>>>;
  readonly handlers: RequestHandlers;
  readonly reader: ResourceReader;
}

/** The tools, prompts and resources to serve. */
export interface McpServiceOptions {
  version: string;
  tools: ToolService;
  prompts: readonly Prompt[];
  resources: readonly Resource[];
  reader: ResourceReader;
  complete: Complete;
}

/** Maximum number of tool selections whose lists are cached. */
const MOST_NARROWED = 100;

/** Creates a service from tools, prompts and resources. Each list is built once, when it is first requested. */
export function createMcpService(options: McpServiceOptions): McpService {
  const { version, tools, prompts, resources, reader, complete } = options;
  const wholeLists = new Map<boolean, ReturnType<typeof listsOf>>();
  const narrowedLists = new Map<string, ReturnType<typeof listsOf>>();

  function listsFor({ caller, narrowing }: RequestContext): ReturnType<typeof listsOf> {
    if (narrowing === undefined) return wholeListsFor(caller);
    const key = JSON.stringify([mayWrite(caller), narrowing]);
    const known = narrowedLists.get(key);
    if (known !== undefined) return known;
    try {
      const lists = listsOf(tools.toolsFor(caller, narrowing), prompts);
      if (narrowedLists.size >= MOST_NARROWED) narrowedLists.clear();
      narrowedLists.set(key, lists);
      return lists;
    } catch (error) {
      throw error instanceof NarrowingError ? new RequestError('invalidParams', error.message) : error;
    }
  }

  function wholeListsFor(caller: RequestContext['caller']): ReturnType<typeof listsOf> {
    const writes = mayWrite(caller);
    const lists = wholeLists.get(writes) ?? listsOf(tools.toolsFor(caller), prompts);
    wholeLists.set(writes, lists);
    return lists;
  }

  const resourcePages = listPages(
    'resources',
    resources.map(({ read: _read, ...description }) => description),
  );
  const templatePages = listPages('resourceTemplates', reader.templates);
  return {
    info: { name: 'slack-mcp', title: 'Slack', version },
    instructions: tools.instructions,
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
      'prompts/get'(params) {
        const prompt = prompts.find(({ name }) => name === params.name);
        if (prompt === undefined) throw new RequestError('invalidParams', `Unknown prompt: ${shown(params.name)}.`);
        const text = prompt.render(params.arguments ?? {});
        return { description: prompt.description, messages: [{ role: 'user', content: { type: 'text', text } }] };
      },
      'resources/list': (params) => resourcePages(params?.cursor),
      'resources/templates/list': (params) => templatePages(params?.cursor),
      'resources/read': async ({ uri }, context) => ({ contents: [await reader.read(uri, context)] }),
      'completion/complete': async (params, context) => ({ completion: await complete(params, context) }),
    },
  };
}

/** Builds the list of tools, and the list of prompts that show how to use these tools. */
function listsOf(tools: readonly ToolDescription[], prompts: readonly Prompt[]) {
  const names = new Set(tools.map(({ name }) => name));
  const shownPrompts = prompts.filter(({ tool }) => names.has(tool));
  return {
    tools: listPages('tools', tools),
    prompts: listPages(
      'prompts',
      shownPrompts.map(({ tool: _tool, render: _render, ...description }) => description),
    ),
  };
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 200));
}
