import { takeArgument } from '../arguments/argument-names.ts';
import { unwrapArguments } from '../arguments/parse-arguments.ts';
import type { ToolDescription } from '../define-tool.ts';

/** Maximum number of workspace names that the schema of each tool lists. */
const MOST_LISTED = 10;

/**
 * Adds the `team` argument to a tool. With a single workspace, returns the tool unchanged, so that the tool list stays
 * short.
 */
export function withTeamArgument(tool: ToolDescription, names: readonly string[]): ToolDescription {
  if (names.length === 0) return tool;
  const team =
    names.length <= MOST_LISTED
      ? { type: 'string', enum: [...names], description: 'Workspace' }
      : { type: 'string', description: 'Workspace: see slack://workspaces' };
  const { properties, required } = tool.inputSchema;
  const inputSchema = {
    ...tool.inputSchema,
    properties: { team, ...(properties as object) },
    required: ['team', ...((required ?? []) as string[])],
  };
  return { ...tool, inputSchema };
}

/** The name of the argument, then names that other servers use for it. */
const NAMES = ['team', 'team_id', 'team_name', 'workspace', 'workspace_id', 'workspace_name'];

/** Separates the `team` argument of a call from the tool's own arguments. */
export function takeTeam(args: unknown): { team: string | undefined; rest: unknown } {
  const given = unwrapArguments(args ?? {});
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return { team: undefined, rest: given };
  const { value, rest } = takeArgument(given as Record<string, unknown>, NAMES);
  const team = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return { team: typeof team === 'string' ? team : undefined, rest };
}
