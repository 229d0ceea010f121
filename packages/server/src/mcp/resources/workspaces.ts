import { explanationOf, isExplained } from '../../tools/explained-error.ts';
import type { Resource, ResourceContext } from './resource.ts';

/** `slack://workspaces`: what may be given as `team`, and what Slack calls it. */
export const workspacesResource: Resource = {
  uri: 'slack://workspaces',
  name: 'workspaces',
  title: 'Workspaces',
  description: 'The workspaces that tools can act in: the name to give as team, and the name, id and address in Slack.',
  mimeType: 'application/json',
  async read(context) {
    const { names } = context.workspaces;
    return JSON.stringify({ workspaces: await Promise.all(names.map((name) => describe(name, context))) });
  },
};

/** One that does not answer is described too. */
async function describe(name: string, { workspaces, caller }: ResourceContext): Promise<object> {
  try {
    const workspace = await workspaces.of({ team: name, caller });
    return { name, ...(await workspace.identify()) };
  } catch (error) {
    if (!isExplained(error)) throw error;
    return { name, problem: explanationOf(error) };
  }
}
