import type { WorkspaceTokens } from '../slack-tokens.ts';
import { readTeamId } from './read-team-id.ts';
import { BOT_TOKEN, readTokenVariable, type SettingsSource, USER_TOKEN } from './token-variables.ts';

/** The format of a workspace name, which becomes part of the names of variables, resource URIs and file names. */
export const WORKSPACE_NAME: RegExp = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;

/**
 * Reads the tokens of several workspaces by name; undefined if `SLACK_WORKSPACES` is empty.
 *
 * @throws ConfigurationError
 */
export function readWorkspaces(source: SettingsSource): Readonly<Record<string, WorkspaceTokens>> | undefined {
  const { env, error } = source;
  const names = env.list('SLACK_WORKSPACES').map((name) => name.toLowerCase());
  if (names.length === 0) return undefined;
  if (names.some((name) => !WORKSPACE_NAME.test(name))) {
    throw error('SLACK_WORKSPACES', 'contains an invalid name: use at most 32 letters, digits and hyphens');
  }
  const single = ['SLACK_BOT_TOKEN', 'SLACK_USER_TOKEN', 'SLACK_TEAM_ID'].find(
    (name) => env.string(name) !== undefined,
  );
  if (single !== undefined) {
    throw error(single, 'cannot be set together with SLACK_WORKSPACES: add a name for its workspace there');
  }
  const workspaces = new Map<string, WorkspaceTokens>();
  const owners = new Map<string, string>();
  for (const name of names) {
    const tokens = readTokens(source, name);
    for (const token of [tokens.bot, tokens.user]) {
      if (token === undefined) continue;
      const key = `${token} ${tokens.teamId ?? ''}`;
      const owner = owners.get(key);
      if (owner !== undefined)
        throw error(
          'SLACK_WORKSPACES',
          `names two workspaces with the same token: ${owner} and ${name}; remove one of them, or set a SLACK_TEAM_ID_… for each`,
        );
      owners.set(key, name);
    }
    workspaces.set(name, tokens);
  }
  return Object.fromEntries(workspaces);
}

function readTokens(source: SettingsSource, name: string): { bot?: string; user?: string; teamId?: string } {
  const suffix = name.toUpperCase().replaceAll('-', '_');
  const bot = readTokenVariable(source, `SLACK_BOT_TOKEN_${suffix}`, BOT_TOKEN);
  const user = readTokenVariable(source, `SLACK_USER_TOKEN_${suffix}`, USER_TOKEN);
  if (bot === undefined && user === undefined) {
    throw source.error(`SLACK_BOT_TOKEN_${suffix}`, 'is not set, but SLACK_WORKSPACES contains its workspace');
  }
  const teamId = readTeamId(source, `SLACK_TEAM_ID_${suffix}`);
  return { ...(bot && { bot }), ...(user && { user }), ...(teamId && { teamId }) };
}
