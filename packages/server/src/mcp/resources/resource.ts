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
  /** Returns the content as text. */
  read(context: ResourceContext): Promise<string>;
}
