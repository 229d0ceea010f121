import { emojisResource } from './emojis.ts';
import type { Resource } from './resource.ts';
import { workspacesResource } from './workspaces.ts';

/**
 * Every resource there is.
 *
 * @param teams - the workspaces, where there are several
 */
export function allResources(teams: readonly string[]): readonly Resource[] {
  return teams.length === 0 ? [emojisResource()] : [workspacesResource, ...teams.map((team) => emojisResource(team))];
}
