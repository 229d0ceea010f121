import { emojisResource } from './emojis.ts';
import type { Resource } from './resource.ts';
import { workspacesResource } from './workspaces.ts';

/**
 * Returns all resources.
 *
 * @param teams - the names of the workspaces, if the server uses several workspaces
 */
export function allResources(teams: readonly string[]): readonly Resource[] {
  return teams.length === 0 ? [emojisResource()] : [workspacesResource, ...teams.map((team) => emojisResource(team))];
}
