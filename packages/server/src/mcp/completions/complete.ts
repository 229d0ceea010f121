import type { NameSuggestions } from '../../tools/directory/suggest-names.ts';
import type { ChannelGate, ChannelUse } from '../../tools/gates/channel-gate.ts';
import type { ToolRegistry } from '../../tools/registry.ts';
import type { ToolContext } from '../../tools/tool-context.ts';
import { TeamError } from '../../tools/workspaces/team-error.ts';
import type { CallOrigin, Workspaces } from '../../tools/workspaces/workspaces.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { RequestError } from '../protocol/request-error.ts';
import { READING } from '../resources/reading.ts';
import type { ResourceReader } from '../resources/resource-reader.ts';

/** A completion request, as defined by MCP. */
export interface CompletionRequest {
  readonly ref:
    | { readonly type: 'ref/prompt'; readonly name: string }
    | { readonly type: 'ref/resource'; readonly uri: string };
  readonly argument: { readonly name: string; readonly value: string };
  /** The arguments that the user has already filled in. */
  readonly context?: { readonly arguments?: Readonly<Record<string, string>> | undefined } | undefined;
}

/** The suggested values, at most 100. */
export interface Completion {
  readonly values: readonly string[];
  readonly hasMore: boolean;
}

/** Suggests values for prompt arguments and resource variables. */
export type Complete = (
  request: CompletionRequest,
  origin: Pick<CallOrigin, 'caller'> & { readonly signal: AbortSignal },
) => Promise<Completion>;

/** Options of `createComplete`: where suggestions come from. */
export interface CompleteOptions {
  prompts: readonly Prompt[];
  /** The registry of the tools that the prompts describe. */
  registry: ToolRegistry;
  reader: ResourceReader;
  workspaces: Workspaces;
}

const NOTHING: Completion = { values: [], hasMore: false };

/** The source of suggestions for each argument or variable name. Arguments with other names get no suggestions. */
const SOURCES: Readonly<Record<string, (context: ToolContext) => Pick<ChannelGate, 'suggest'>>> = {
  channel: ({ channels }) => channels,
  user: ({ users }) => users,
  query: ({ emoji }) => emoji,
};

/**
 * Suggests cached names. If no names are cached yet, loads the names in the background for the next request. Suggests
 * only channels that the caller may read or, for the prompt of a tool that writes, may write to.
 */
export function createComplete({ prompts, registry, reader, workspaces }: CompleteOptions): Complete {
  function useFor({ ref }: CompletionRequest): ChannelUse {
    if (ref.type === 'ref/prompt') {
      const prompt = prompts.find(({ name }) => name === ref.name);
      const tool = prompt && registry.get(prompt.tool);
      if (tool !== undefined) return { writes: !tool.annotations.readOnlyHint };
      throw new RequestError('invalidParams', `Unknown prompt: ${JSON.stringify(ref.name.slice(0, 200))}.`);
    }
    if (reader.templates.some(({ uriTemplate }) => uriTemplate === ref.uri)) return READING;
    throw new RequestError('invalidParams', `Unknown resource template: ${JSON.stringify(ref.uri.slice(0, 200))}.`);
  }

  return async (request, { caller, signal }) => {
    const use = useFor(request);
    const { name, value } = request.argument;
    if (name === 'team') return completionOf({ names: startingWith(value, workspaces.names), more: false });
    const source = Object.hasOwn(SOURCES, name) ? SOURCES[name] : undefined;
    if (source === undefined) return NOTHING;
    try {
      const workspace = await workspaces.of({ team: request.context?.arguments?.['team'], caller, signal });
      return completionOf(await source(workspace.contextFor(use, { signal })).suggest(value));
    } catch (error) {
      // Without a workspace there is nothing to suggest.
      if (error instanceof TeamError) return NOTHING;
      throw error;
    }
  };
}

function startingWith(typed: string, names: readonly string[]): readonly string[] {
  return names.filter((name) => name.startsWith(typed.trim().toLowerCase())).slice(0, 100);
}

function completionOf({ names, more }: NameSuggestions): Completion {
  return { values: names, hasMore: more };
}
