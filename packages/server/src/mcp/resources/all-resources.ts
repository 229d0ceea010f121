import { emojisResource } from './emojis.ts';
import type { Resource } from './resource.ts';
import { workspacesResource } from './workspaces.ts';

/**
 * All resources.
 *
 * @param teams - the workspaces, if the server uses several
 */
export function allResources(teams: readonly string[]): readonly Resource[] {
  return teams.length === 0 ? [emojisResource()] : [workspacesResource, ...teams.map((team) => emojisResource(team))];
}
