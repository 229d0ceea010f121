import { explanationOf, isExplained } from '../../tools/explained-error.ts';
import type { Resource, ResourceContext } from './resource.ts';

/** The resource `slack://workspaces`, with the allowed values of `team` and Slack's data for each workspace. */
export const workspacesResource: Resource = {
  uri: 'slack://workspaces',
  name: 'workspaces',
  title: 'Workspaces',
  description:
    'The workspaces that tools can use. For each workspace: the name to pass as team, and the name, id and URL in Slack.',
  mimeType: 'application/json',
  async read(context) {
    const { names } = context.workspaces;
    return JSON.stringify({ workspaces: await Promise.all(names.map((name) => describe(name, context))) });
  },
};

/** Describes one workspace. If Slack does not answer, the description contains the configured name and the problem. */
async function describe(name: string, { workspaces, caller }: ResourceContext): Promise<object> {
  try {
    const workspace = await workspaces.of({ team: name, caller });
    return { name, ...(await workspace.identify()) };
  } catch (error) {
    if (!isExplained(error)) throw error;
    return { name, problem: explanationOf(error) };
  }
}
