import type { ToolContext } from '../../tools/define-tool.ts';
import type { NameSource } from '../../tools/directory/directory.ts';
import type { NameSuggestions } from '../../tools/directory/suggest-names.ts';
import type { ChannelUse } from '../../tools/gates/channel-gate.ts';
import { TeamError } from '../../tools/workspaces/team-error.ts';
import type { CallOrigin, Workspaces } from '../../tools/workspaces/workspaces.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { RequestError } from '../protocol/request-error.ts';
import { type ResourceReader, readingOf } from '../resources/resource-reader.ts';
import type { ResourceTemplate } from '../resources/resource-template.ts';

/** What is to be completed, as the protocol says it. */
export interface CompletionRequest {
  readonly ref:
    | { readonly type: 'ref/prompt'; readonly name: string }
    | { readonly type: 'ref/resource'; readonly uri: string };
  readonly argument: { readonly name: string; readonly value: string };
  /** What is already given beside it. */
  readonly context?: { readonly arguments?: Readonly<Record<string, string>> | undefined } | undefined;
}

/** What may be meant: at most 100 values. */
export interface Completion {
  readonly values: readonly string[];
  readonly hasMore: boolean;
}

/** Suggests values for the arguments of prompts and the variables of resources. */
export type Complete = (
  request: CompletionRequest,
  origin: Pick<CallOrigin, 'caller'> & { readonly signal: AbortSignal },
) => Promise<Completion>;

/** Where suggestions come from. */
export interface CompleteOptions {
  prompts: readonly Prompt[];
  /** What the tool is that a prompt is about. */
  useOf(tool: string): ChannelUse | undefined;
  templates: readonly ResourceTemplate[];
  reader: ResourceReader;
  workspaces: Workspaces;
}

const NOTHING: Completion = { values: [], hasMore: false };

/** Which names an argument or variable takes; the others are nothing to suggest for. */
const SOURCES: Readonly<Record<string, (context: ToolContext) => NameSource>> = {
  channel: ({ channels }) => channels,
  user: ({ users }) => users,
  query: ({ emoji }) => emoji,
};

/**
 * Suggests names that are known; where none are yet, they are read in the background and soon are. A channel is
 * suggested only to who may use it for what is to be done.
 */
export function createComplete({ prompts, useOf, templates, reader, workspaces }: CompleteOptions): Complete {
  function useFor({ ref }: CompletionRequest): ChannelUse {
    if (ref.type === 'ref/prompt') {
      const prompt = prompts.find(({ name }) => name === ref.name);
      const use = prompt && useOf(prompt.tool);
      if (use !== undefined) return use;
      throw new RequestError('invalidParams', `Unknown prompt: ${JSON.stringify(ref.name.slice(0, 200))}.`);
    }
    const index = reader.templates.findIndex(({ uriTemplate }) => uriTemplate === ref.uri);
    const template = templates[index];
    if (template !== undefined) return readingOf(template);
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
      // Nothing is known before it is said in which workspace.
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
