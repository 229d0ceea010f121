import type { CallOrigin, Workspaces } from '../../tools/workspaces/workspaces.ts';

/** What a resource can use while it is read. */
export interface ResourceContext extends Pick<CallOrigin, 'caller'> {
  readonly workspaces: Workspaces;
  readonly signal: AbortSignal;
}

/** A resource, described independently of the protocol that serves it. */
export interface Resource {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
  /** The ID of the toolset that enables the resource. Default: none, so that the resource always exists. */
  readonly toolset?: string;
  /** Returns the content as text. */
  read(context: ResourceContext): Promise<string>;
}

/** A resource as clients see it. */
export type ResourceDescription = Omit<Resource, 'read' | 'toolset'>;
