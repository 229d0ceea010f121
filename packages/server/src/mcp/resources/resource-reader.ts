import type { CallReports } from '../../tools/call-reports.ts';
import { type ExplainedError, explanationOf, isExplained } from '../../tools/explained-error.ts';
import { removeInvisible } from '../../tools/messages/readable-text.ts';
import { allowsToolset, type Narrowing } from '../../tools/narrowing.ts';
import type { ToolContext } from '../../tools/tool-context.ts';
import type { CallOrigin, Workspaces } from '../../tools/workspaces/workspaces.ts';
import { RequestError } from '../protocol/request-error.ts';
import { MOST_URI_CHARACTERS } from '../protocol/resource-limits.ts';
import { READING } from './reading.ts';
import type { Resource } from './resource.ts';
import { addressReader, fillAddress, type ResourceTemplate, type ResourceVariables } from './resource-template.ts';

/** The content of a resource, as text. */
export interface ResourceContent {
  readonly uri: string;
  readonly mimeType: string;
  readonly text: string;
}

/** The caller who reads a resource, and a signal that cancels the read. */
export interface ResourceRequest extends Pick<CallOrigin, 'caller'> {
  readonly signal: AbortSignal;
  readonly reports?: CallReports | undefined;
  /** The request's own selection of tools. Resources of toolsets outside the selection count as unknown. */
  readonly narrowing?: Narrowing | undefined;
}

/** Reads resources by URI. */
export interface ResourceReader {
  /** The resource templates as clients see them. */
  readonly templates: readonly ResourceTemplateDescription[];
  /** Returns the templates of the toolsets that `keeps` accepts. */
  templatesFor(keeps: (toolset: string) => boolean): readonly ResourceTemplateDescription[];
  /** @throws RequestError - the resource cannot be read; the message gives the reason */
  read(uri: string, request: ResourceRequest): Promise<ResourceContent>;
  /**
   * Returns the canonical form of a URI, with IDs instead of names.
   *
   * @throws RequestError - the resource cannot be read
   */
  locate(uri: string, request: ResourceRequest): Promise<string>;
}

/** A resource template as clients see it. */
export interface ResourceTemplateDescription {
  readonly uriTemplate: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
}

const MIME_TYPE = 'application/json';
const TIMESTAMP = /^\d{1,16}\.\d{1,9}$/;
const FILE_ID = /^F[A-Z0-9]{5,30}$/;

/** Slack's error codes for channels, users, threads and files that do not exist. */
const NOT_THERE: ReadonlySet<string> = new Set([
  'channel_not_found',
  'user_not_found',
  'thread_not_found',
  'file_not_found',
]);

/** Options of `createResourceReader`. */
export interface ResourceReaderOptions {
  resources: readonly Resource[];
  templates: readonly ResourceTemplate[];
  workspaces: Workspaces;
}

/** Creates a reader. The reader makes no calls to Slack before a resource is read. */
export function createResourceReader({ resources, templates, workspaces }: ResourceReaderOptions): ResourceReader {
  const prefix = workspaces.names.length === 0 ? 'slack://' : 'slack://{team}/';
  const kinds = templates.map((template) => {
    const uriTemplate = prefix + template.path;
    return { template, uriTemplate, variablesIn: addressReader(uriTemplate) };
  });

  function find(uri: string) {
    if (uri.length > MOST_URI_CHARACTERS) {
      throw new RequestError('invalidParams', `A resource URI may have at most ${MOST_URI_CHARACTERS} characters.`);
    }
    for (const kind of kinds) {
      const variables = kind.variablesIn(uri);
      if (variables !== undefined) return { ...kind, variables };
    }
    const known = [...resources.map((resource) => resource.uri), ...kinds.map(({ uriTemplate }) => uriTemplate)];
    throw new RequestError(
      'resourceNotFound',
      `Unknown resource: ${JSON.stringify(uri.slice(0, 200))}. Known resources: ${known.slice(0, 20).join(', ')}.`,
      { uri },
    );
  }

  /** Finds the resource for a URI, resolves names in the URI to IDs, and refuses channels that may not be read. */
  async function open(uri: string, request: ResourceRequest) {
    const { template, uriTemplate, variables } = find(uri);
    const { signal, caller, reports } = request;
    checkToolset(template.toolset, uri, request);
    const workspace = await workspaces.of({ team: variables['team'], caller, signal });
    const context = workspace.contextFor(READING, { signal, reports });
    const ids: ResourceVariables = await idsOf(variables, context);
    if (workspace.name !== undefined && 'team' in ids) ids.team = workspace.name;
    return { template, context, ids, uri: fillAddress(uriTemplate, ids) };
  }

  const templatesFor: ResourceReader['templatesFor'] = (keeps) =>
    kinds
      .filter(({ template }) => keeps(template.toolset))
      .map(({ uriTemplate, template: { name, title, description } }) => ({
        ...{ uriTemplate, name, title, description },
        mimeType: MIME_TYPE,
      }));

  /** Returns the resource with this URI. Templates have resources of their own. */
  function listed(uri: string, request: ResourceRequest): Resource | undefined {
    const resource = resources.find((known) => known.uri === uri);
    if (resource?.toolset !== undefined) checkToolset(resource.toolset, uri, request);
    return resource;
  }

  return {
    templates: templatesFor(() => true),
    templatesFor,
    async read(uri, request) {
      try {
        const resource = listed(uri, request);
        if (resource !== undefined) {
          const text = removeInvisible(await resource.read({ ...request, workspaces }));
          return { uri, mimeType: resource.mimeType, text };
        }
        const { template, ids, context } = await open(uri, request);
        return { uri, mimeType: MIME_TYPE, text: removeInvisible(JSON.stringify(await template.read(ids, context))) };
      } catch (error) {
        throw refusalOf(error, uri);
      }
    },
    async locate(uri, request) {
      if (listed(uri, request) !== undefined) return uri;
      try {
        return (await open(uri, request)).uri;
      } catch (error) {
        throw refusalOf(error, uri);
      }
    },
  };
}

/** @throws RequestError - the headers of the request exclude the toolset of a resource */
function checkToolset(toolset: string, uri: string, { narrowing }: ResourceRequest): void {
  if (narrowing === undefined || allowsToolset(narrowing, toolset)) return;
  const message = `This resource belongs to the toolset ${toolset}, which the headers of this request exclude.`;
  throw new RequestError('resourceNotFound', message, { uri });
}

/** Resolves the names in the variables to IDs, and refuses channels that may not be read. */
async function idsOf(
  variables: Readonly<Record<string, string>>,
  { channels, users, signal }: ToolContext,
): Promise<ResourceVariables> {
  const { channel, user, thread_ts, ...rest } = variables;
  if (thread_ts !== undefined && !TIMESTAMP.test(thread_ts)) {
    throw new RequestError('invalidParams', 'thread_ts must be a Slack timestamp, for example 1700000000.000100.');
  }
  if (rest['file'] !== undefined && !FILE_ID.test(rest['file'])) {
    throw new RequestError('invalidParams', 'file must be the id of a file, for example F0123456789.');
  }
  return {
    ...rest,
    ...(channel === undefined ? {} : { channel: await channels.resolve(channel, { signal }) }),
    ...(user === undefined ? {} : { user: await users.resolve(user, { signal }) }),
    ...(thread_ts === undefined ? {} : { thread_ts }),
  };
}

function refusalOf(error: unknown, uri: string): unknown {
  if (!isExplained(error)) return error;
  return new RequestError(kindOf(error), explanationOf(error), { uri });
}

function kindOf({ code, details }: ExplainedError): 'resourceNotFound' | 'invalidParams' | 'internalError' {
  if (code.startsWith('unknown_')) return 'resourceNotFound';
  if (code === 'not_allowed') return 'invalidParams';
  return NOT_THERE.has(String(details['slack_error'])) ? 'resourceNotFound' : 'internalError';
}
