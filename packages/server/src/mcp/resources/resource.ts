import type { CallOrigin, Workspaces } from '../../tools/workspaces/workspaces.ts';

/** What the reading of a resource may use. */
export interface ResourceContext extends Pick<CallOrigin, 'caller'> {
  readonly workspaces: Workspaces;
  readonly signal: AbortSignal;
}

/** A resource, independent of what serves it. */
export interface Resource {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
  /** The content as text. */
  read(context: ResourceContext): Promise<string>;
}
