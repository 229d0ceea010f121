import { SlackApiError, SlackError } from '@slack-mcp/slack';
import type { ToolContext } from '../../tools/define-tool.ts';
import { NameError, NamesLoadingError } from '../../tools/directory/name-errors.ts';
import { type ChannelUse, NotAllowedError } from '../../tools/gates/channel-gate.ts';
import { describeSlackError } from '../../tools/tool-result.ts';
import { TeamError } from '../../tools/workspaces/team-error.ts';
import type { CallOrigin, Workspaces } from '../../tools/workspaces/workspaces.ts';
import type { CallNotices } from '../protocol/call-notices.ts';
import { RequestError } from '../protocol/request-error.ts';
import type { Resource } from './resource.ts';
import { addressReader, fillAddress, type ResourceTemplate } from './resource-template.ts';

/** The text of a resource. */
export interface ResourceContent {
  readonly uri: string;
  readonly mimeType: string;
  readonly text: string;
}

/** Who reads, and how it ends early. */
export interface ResourceRequest extends Pick<CallOrigin, 'caller'> {
  readonly signal: AbortSignal;
  readonly notices?: CallNotices | undefined;
}

/** What can be read by its address. */
export interface ResourceReader {
  /** The templates as clients see them. */
  readonly templates: readonly ResourceTemplateDescription[];
  /** @throws RequestError which says why it cannot be read */
  read(uri: string, request: ResourceRequest): Promise<ResourceContent>;
  /**
   * The one way of writing an address, with ids in place of names.
   *
   * @throws RequestError for what cannot be read
   */
  locate(uri: string, request: ResourceRequest): Promise<string>;
}

/** A template as clients see it. */
export interface ResourceTemplateDescription {
  readonly uriTemplate: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
}

/** What is read as a resource is read like by a tool that reads. */
export function readingOf({ toolset }: Pick<ResourceTemplate, 'toolset'>): ChannelUse {
  return { toolset, annotations: READS };
}

const READS = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true } as const;
const MIME_TYPE = 'application/json';
const TIMESTAMP = /^\d{1,16}\.\d{1,9}$/;

/** What Slack calls things that are not there. */
const NOT_THERE: ReadonlySet<string> = new Set(['channel_not_found', 'user_not_found', 'thread_not_found']);

/** What is to be read. */
export interface ResourceReaderOptions {
  resources: readonly Resource[];
  templates: readonly ResourceTemplate[];
  workspaces: Workspaces;
}

/** Calls nobody before something is read. */
export function createResourceReader({ resources, templates, workspaces }: ResourceReaderOptions): ResourceReader {
  const prefix = workspaces.names.length === 0 ? 'slack://' : 'slack://{team}/';
  const kinds = templates.map((template) => {
    const uriTemplate = prefix + template.path;
    return { template, uriTemplate, variablesIn: addressReader(uriTemplate) };
  });

  function find(uri: string) {
    for (const kind of kinds) {
      const variables = kind.variablesIn(uri);
      if (variables !== undefined) return { ...kind, variables };
    }
    const known = [...resources.map((resource) => resource.uri), ...kinds.map(({ uriTemplate }) => uriTemplate)];
    throw new RequestError(
      'resourceNotFound',
      `Unknown resource: ${JSON.stringify(uri.slice(0, 200))}. There are ${known.slice(0, 20).join(', ')}.`,
      { uri },
    );
  }

  /** Every name becomes an id here, and what may not be read goes no further. */
  async function open(uri: string, request: ResourceRequest) {
    const { template, uriTemplate, variables } = find(uri);
    const { signal, caller, notices } = request;
    const workspace = await workspaces.of({ team: variables['team'], caller, signal });
    const context = workspace.contextFor(readingOf(template), { signal, notices });
    const ids: Record<string, string> = {};
    for (const [name, value] of Object.entries(variables)) ids[name] = await idOf(name, value, context);
    if (workspace.name !== undefined && 'team' in ids) ids['team'] = workspace.name;
    return { template, context, ids, uri: fillAddress(uriTemplate, ids) };
  }

  return {
    templates: kinds.map(({ uriTemplate, template: { name, title, description } }) => ({
      uriTemplate,
      name,
      title,
      description,
      mimeType: MIME_TYPE,
    })),
    async read(uri, request) {
      try {
        const resource = resources.find((known) => known.uri === uri);
        if (resource !== undefined) {
          const text = await resource.read({ ...request, workspaces });
          return { uri, mimeType: resource.mimeType, text };
        }
        const { template, ids, context } = await open(uri, request);
        return { uri, mimeType: MIME_TYPE, text: JSON.stringify(await template.read(ids, context)) };
      } catch (error) {
        throw refusalOf(error, uri);
      }
    },
    async locate(uri, request) {
      if (resources.some((known) => known.uri === uri)) return uri;
      try {
        return (await open(uri, request)).uri;
      } catch (error) {
        throw refusalOf(error, uri);
      }
    },
  };
}

async function idOf(variable: string, value: string, { channels, users, signal }: ToolContext): Promise<string> {
  if (variable === 'channel') return channels.resolve(value, { signal });
  if (variable === 'user') return users.resolve(value, { signal });
  if (variable === 'thread_ts' && !TIMESTAMP.test(value)) {
    throw new RequestError('invalidParams', 'thread_ts is no timestamp of Slack, like 1700000000.000100.');
  }
  return value;
}

function refusalOf(error: unknown, uri: string): unknown {
  if (error instanceof NameError || error instanceof TeamError) {
    return new RequestError('resourceNotFound', error.message, { uri });
  }
  if (error instanceof NotAllowedError) return new RequestError('invalidParams', error.message);
  if (error instanceof NamesLoadingError) return new RequestError('internalError', error.message);
  if (!(error instanceof SlackError)) return error;
  const notThere = error instanceof SlackApiError && NOT_THERE.has(error.slackError);
  return new RequestError(notThere ? 'resourceNotFound' : 'internalError', describeSlackError(error), { uri });
}
