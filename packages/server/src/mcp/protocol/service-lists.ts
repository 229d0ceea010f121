import { mayWrite } from '../../tools/caller.ts';
import type { ToolDescription } from '../../tools/define-tool.ts';
import { allowsToolset, type Narrowing, NarrowingError } from '../../tools/narrowing.ts';
import type { ToolService } from '../../tools/tool-service.ts';
import type { CallOrigin } from '../../tools/workspaces/workspaces.ts';
import type { Prompt, PromptDescription } from '../prompts/prompt.ts';
import type { Resource, ResourceDescription } from '../resources/resource.ts';
import type { ResourceReader, ResourceTemplateDescription } from '../resources/resource-reader.ts';
import { type ListPages, listPages } from './list-pages.ts';
import { RequestError } from './request-error.ts';

/** The client for which lists are made. */
export interface ListClient extends Pick<CallOrigin, 'caller'> {
  /** The request's own selection of tools; absent if the request selects no tools. */
  readonly narrowing?: Narrowing | undefined;
}

/** The lists for clients that see the same tools. Each list is built once, when it is first asked for. */
export interface ServiceLists {
  readonly tools: ListPages<'tools', ToolDescription>;
  readonly prompts: ListPages<'prompts', PromptDescription>;
  readonly resources: ListPages<'resources', ResourceDescription>;
  readonly templates: ListPages<'resourceTemplates', ResourceTemplateDescription>;
  /** Returns the prompts in listing order. */
  allPrompts(): readonly Prompt[];
  /** Returns the instructions for the model, which name only tools that the client sees. */
  instructions(): string;
}

/** What the lists contain. */
export interface ServiceListsOptions {
  tools: ToolService;
  /** Creates the prompts for the tools with these names. */
  promptsFor(names: ReadonlySet<string>): readonly Prompt[];
  resources: readonly Resource[];
  reader: ResourceReader;
}

/** Maximum number of tool selections whose lists are cached. */
const MOST_NARROWED = 100;

/**
 * Creates a function that returns the lists for a client.
 *
 * @throws RequestError - from the function: the client's selection names a tool or toolset that is not served
 */
export function createServiceLists(options: ServiceListsOptions): (client: ListClient) => ServiceLists {
  const whole = new Map<boolean, ServiceLists>();
  const narrowed = new Map<string, ServiceLists>();

  function wholeLists(caller: ListClient['caller']): ServiceLists {
    const writes = mayWrite(caller);
    const lists = whole.get(writes) ?? listsOf(caller, options);
    whole.set(writes, lists);
    return lists;
  }

  return ({ caller, narrowing }) => {
    if (narrowing === undefined) return wholeLists(caller);
    const key = JSON.stringify([mayWrite(caller), narrowing]);
    const known = narrowed.get(key);
    if (known !== undefined) return known;
    try {
      const lists = listsOf(caller, options, narrowing);
      if (narrowed.size >= MOST_NARROWED) narrowed.clear();
      narrowed.set(key, lists);
      return lists;
    } catch (error) {
      throw error instanceof NarrowingError ? new RequestError('invalidParams', error.message) : error;
    }
  };
}

function listsOf(
  caller: ListClient['caller'],
  { tools, promptsFor, resources, reader }: ServiceListsOptions,
  narrowing?: Narrowing,
): ServiceLists {
  const served = tools.servedTo(caller, narrowing);
  // Built separately, because a client that only reads the instructions needs no schemas.
  const listed = once(() => listPages('tools', tools.toolsFor(caller, narrowing)));
  const allPrompts = once(() => promptsFor(new Set(served.map(({ name }) => name))));
  const prompts = once(() =>
    listPages(
      'prompts',
      allPrompts().map(({ tool: _tool, render: _render, ...description }) => description),
    ),
  );
  return {
    tools: (cursor) => listed()(cursor),
    prompts: (cursor) => prompts()(cursor),
    resources: listPages(
      'resources',
      resources
        .filter(({ toolset }) => toolset === undefined || allowsToolset(narrowing ?? {}, toolset))
        .map(({ read: _read, toolset: _toolset, ...description }) => description),
    ),
    templates: listPages(
      'resourceTemplates',
      reader.templatesFor((toolset) => allowsToolset(narrowing ?? {}, toolset)),
    ),
    allPrompts,
    instructions: once(() => tools.instructionsFor(served)),
  };
}

function once<T>(create: () => T): () => T {
  let created: { readonly value: T } | undefined;
  return () => {
    created ??= { value: create() };
    return created.value;
  };
}
